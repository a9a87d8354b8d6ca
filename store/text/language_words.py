"""The commonest function words of each language, and letters that are a language's own: data for ``language``.

Words that begin sentences are among them, since ``sentences`` takes them for a sign that a new one has begun.
"""

from __future__ import annotations

WORDS = {
    "en": """
        the of and to in a is that for it was on with as be at by this have are from or an his not but had were they
        which you he she we there been has their who will would more if no all when what so up out into than them can
        only other about i my our your its him her after before then however while although because since these those
        some many most any each both such also yet how why where here just now during despite according
        """,
    "de": """
        der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat
        dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis
        mehr durch man sein wurde sei wir ich ihr seine wenn hatte kann dann da nun doch denn weil zwar unter seit
        dieser diese dieses dies damit dabei jedoch was wer wo hier heute gegen zwischen ab mein
        """,
    "fr": """
        le la les de des du et en un une à est que qui dans il elle pour par sur au aux ne pas ce se son sa ses plus
        avec sont ou cette ces mais on nous vous ils elles je leur été était être a ont fait comme tout aussi après
        avant entre sans sous depuis lors si alors donc car puis cependant selon chez où y dont très même quand
        pourtant ainsi enfin c l d j n s qu m t
        """,
    "es": """
        el la los las de del y en un una que es por con para se al lo no su sus como más pero fue ha o este esta
        estos estas entre cuando muy sin sobre también me hasta hay donde quien desde todo todos durante ser son era
        han nos ni ya si le les yo él ella ellos nosotros esto ese esa eso así tras según después antes aunque
        además entonces mientras porque aquí en cada otro otra qué cómo
        """,
    "it": """
        il lo la i gli le di del della dei delle nel nella e è un una uno che in per con non si da dal dalla al alla
        ai sono come più ma anche su sul sulla ha o questo questa questi queste era essere stato fu quando dopo prima
        tra fra se loro suo sua suoi sue ci ne mi io tu lui lei noi voi molto così poi quindi però mentre dove chi
        cosa ogni tutti secondo infatti inoltre tuttavia l un' dell all nell dall c
        """,
    "pt": """
        o a os as de do da dos das e em um uma que é no na nos nas por com para se não mais ao à como mas foi sua seu
        ou ser quando muito há já eu também só pelo pela até isso ela ele entre era depois sem mesmo aos ter seus
        quem me esse essa este esta eles elas você nós são está tem foram após segundo durante desde porém então
        assim embora ainda onde sobre num numa isto aquele
        """,
    "nl": """
        de het een van en in is dat op te zijn met voor niet aan er die hij om ook als door maar bij dan nog uit naar
        heeft worden werd was wordt ze zij hun deze dit daar over tot wel geen kan meer of ik je we wij haar hem had
        zo wat wie waar toen nu na tegen tussen onder sinds volgens hierdoor daarom omdat want toch al veel mijn
        echter daarna hier ons uw
        """,
    "pl": """
        w i na z się nie do to że jest o jak po za od przez dla a co ale jego tym tego oraz są był była było czy być
        może już tak ze przy ten ta te które który która tylko także ich jej go mu pod przed między gdy kiedy kto
        jednak więc bo więcej ja my on ona oni one wy tam tu wtedy teraz potem następnie ponieważ choć jeśli jeżeli
        każdy wszystko niech
        """,
    "ru": """
        в и не на что с он как по это из но к за у от для все его она так я они мы вы а о же то был была было были
        бы до или если при их уже еще ещё только во со тем когда может после также этот эта эти этом того чтобы где
        кто без под над между через потом затем однако теперь тогда там здесь поэтому потому хотя ее её ему им мне
        нет да вот ведь со более согласно
        """,
    "uk": """
        в і не на що з він як по це із але до за у від для все його вона так я вони ми ви а про та ж був була було
        були б або якщо при їх вже ще лише тільки коли може після також цей ця ці цього щоб де хто без під над між
        через потім однак тепер тоді там тут тому хоча її йому їм мені ні й є бо який яка які які зі своєї згідно
        """,
    "tr": """
        ve bir bu da de için ile o çok gibi daha kadar ama olarak olan ne en var değil sonra ki her ben sen biz siz
        onlar onun onu bunun bunu şu mi mı mu mü ya veya hem ise diye göre kendi ancak fakat çünkü oldu olduğu önce
        şimdi böyle öyle yani eğer hiç bazı tüm bütün burada orada nasıl neden bana sana ona bize hatta belki
        üzerine arasında tarafından
        """,
    "sv": """
        och i att det som en på är av för med den till inte om ett han de har från var men sig så vid hon kan när
        också jag vi ni man skulle efter eller nu än bara där mycket under hade över då mot ut alla deras sin sina
        detta dessa här blev blir ska mellan utan före enligt dock vad vem hur mycket denna dem du hans hennes
        """,
    "da": """
        og i at det som en på er af for med den til ikke om et han de har fra var men sig så ved hun kan når også
        jeg vi man skulle efter eller nu end kun der meget under havde over da mod ud alle deres sin sine dette
        disse her blev bliver skal mellem uden før ifølge dog hvad hvem hvor denne dem du hans hendes blevet være
        """,
    "no": """
        og i at det som en på er av for med den til ikke om et han de har fra var men seg så ved hun kan når også
        jeg vi man skulle etter eller nå enn bare der mye under hadde over da mot ut alle deres sin sine dette disse
        her ble blir skal mellom uten før ifølge dog hva hvem hvor denne dem du hans hennes blitt være opp
        """,
    "fi": """
        ja on ei se että hän oli joka ovat mutta myös kun kuin ole ne tai niin sen olla jos sitä mitä vain jo nyt
        sekä vielä voi minä sinä me te he tämä tämän näin siitä siinä jossa jonka jotka hänen heidän olivat eivät
        ollut mukaan jälkeen ennen kanssa hyvin noin koska kuitenkin sitten tässä täällä siellä mikä kuka missä
        """,
    "cs": """
        a v se na je že s z do o to i ve k jako za pro by jsem jsou ale po který která které byl byla bylo byli od
        podle jeho tak si není být ze u co při až když už jen také aby než nebo kde má bude ten ta ty tím této tento
        však před mezi pod nad já my vy on ona oni protože proto pak potom tedy zde tam nyní kdo jak jejich
        """,
    "ro": """
        de și în a la cu o un pe că nu este din care se pentru mai al ale ca au fost ce sau lui sunt el ea ei ele dar
        prin acest această aceste acestea dintre după până când fi am are era avea unei unui foarte între fără dacă
        numai doar apoi însă astfel noi voi eu tu cum unde cine spre către potrivit asupra
        """,
    "hu": """
        a az és hogy nem is egy volt ez azt de meg csak el már ki mint van még ha be fel kell én te ő mi ti ők vagy
        lehet minden majd azonban ezért mert pedig után előtt alatt között szerint ezt ebben ami aki amely akkor most
        itt ott így úgy nagyon sem lesz volna ennek annak ezek azok hogyan miért
        """,
    "hr": """
        i u je se na da su za od s što kao a iz koji koja koje bio bila bilo ali do po nije o ili će ne sve kako tako
        samo još već nakon prije kada gdje tko između kod jer te ga mu ih on ona oni mi vi ja taj ta to ovo ova ovaj
        bi biti nisu ako međutim zbog prema tijekom dok zato sam si smo ste svoje
        """,
    "sr": """
        и у је се на да су за од с што као а из који која које био била било али до по није о или ће не све како тако
        само још већ након пре када где ко између код јер те га му их он она они ми ви ја тај та то ово ова овај би
        бити нису ако међутим због према током док зато сам си смо сте своје
        """,
    "bg": """
        и на в да се за с от не е че по като са но до след при този тази това тези който която което които беше са
        бил била било или ще ако само още вече когато къде кой между защото ги му им той тя те ние вие аз си съм
        сме както така обаче според през без под над много също какво ни във със
        """,
    "ca": """
        el la els les de del dels i en un una que és per amb no se al als va ha es o com més però seu seva seus seves
        ser ja també fins on quan molt sense sobre entre aquest aquesta aquests aquestes això hi ho jo ell ella ells
        nosaltres després abans segons mentre perquè així encara només tots tot cada altres van són era l d s
        """,
    "sk": """
        a v sa na je že s z do o to aj ku ako za pre by som sú ale po ktorý ktorá ktoré bol bola bolo boli od podľa jeho
        tak si nie byť zo u čo pri až keď už len tiež aby než alebo kde má bude ten tá tým táto tento však pred medzi
        pod nad ja my vy on ona oni pretože preto potom teda tu tam teraz kto ich iba aké sme ste nič
        """,
    "sl": """
        in je v na se da za so ki z pa ne bi kot s po tudi iz od do pri ali o ga še bil bila bilo bili biti le jo jih ni
        kaj ko če več tako že sem smo ste si ta to tem tega tej kjer kdo med zaradi pred pod nad jaz mi vi on ona oni
        ker zato vendar potem tukaj tam zdaj danes svoje lahko ima bo bodo naj
        """,
    "lt": """
        ir į yra kad iš su tai ne kaip už po prie apie bet jo jos jis ji jie mes jūs aš tu buvo būti nuo iki ar arba
        taip pat dėl per jau dar tik labai kuris kuri kurie kas kur kai jei nes todėl tačiau čia ten dabar šis ši šie
        šio šios visi savo pagal prieš tarp be bus gali jų mano
        """,
    "lv": """
        un ir ka no uz ar par kas bet arī tas tā to kā pie vai ne lai tika bija būt viņš viņa viņi mēs jūs es tu pēc
        līdz jau vēl tikai ļoti kurš kura kuri kur kad ja jo tāpēc tomēr šeit tur tagad šis šī šie visi savu savas pirms
        starp bez būs var šo tiek gan nav bijis
        """,
    "et": """
        ja on ei et see ta oli kui ka mis oma või aga nii kes seda tema nad me te ma sa meie teie mina sina siis veel
        juba ning nagu pole olid selle sest kuid kus kuidas miks siin seal nüüd täna kõik väga pärast enne vastu järgi
        kohta olema olnud saab peab need neid mida ainult
        """,
    "be": """
        і ў не на што з ён як па гэта але да за у ад для ўсе яго яна так я яны мы вы а пра тое ж быў была было былі б
        або калі пры іх ужо яшчэ толькі можа пасля таксама гэты гэтая гэтыя гэтага каб дзе хто без пад над між праз
        потым аднак цяпер тады там тут таму хаця яе яму ім мне няма ці які якая якія са паводле
        """,
    "mk": """
        и на во да се за со од не е дека како по што го ја сум но до пред при овој оваа овие тој која кој кои кое беше
        бил била било или ќе ако само уште веќе кога каде меѓу затоа бидејќи ги му им таа тие ние вие јас сме така
        меѓутоа според преку без под над многу исто ни ова се биде има нема
        """,
    "vi": """
        và của là có các trong cho được một với không những người đã để này từ đến khi về cũng ở như ra còn tại theo
        nhiều hơn vào sẽ năm tôi ông bà anh chị họ chúng ta nó thì mà rất đó nếu nhưng vì nên hay sau trước trên dưới
        bị phải làm việc
        """,
    "id": """
        yang dan di dari untuk dengan pada ini itu dalam tidak akan ke adalah juga oleh sebagai ada bahwa atau karena
        dia mereka kami kita saya anda telah sudah bisa dapat lebih para seperti namun tetapi saat setelah sebelum
        ketika jika secara tersebut hanya masih belum antara menurut sementara hingga sejak
        """,
}
"""By language; a word may stand in several."""

DEVANAGARI = {
    "hi": "है हैं और के में की का से को ने पर था कि यह नहीं भी",
    "mr": "आहे आहेत आणि होते होता नाही या हे की तर मध्ये केले झाले त्यांनी असे",
    "ne": "छ छन् र गरेको गरेका भएको हो पनि थियो लागि गर्न भने यो उनले तर",
}
"""The same for the languages of one script, of which the first is meant when nothing tells."""

LETTERS = {
    "de": "ß", "fr": "œêûîë", "es": "ñ¿¡", "it": "òì", "pt": "ãõ", "pl": "łąęśźżćń", "cs": "ěřů", "sk": "ľĺŕô",
    "tr": "ğışİ", "ro": "ășțşţ", "hu": "őű", "hr": "đčćžš", "da": "æø", "no": "æø", "sv": "åä", "fi": "ä", "ca": "ŀ·",
    "et": "õäšž", "lt": "ėįųūšž", "lv": "āēīūķļņģ", "vi": "ơưạảấầậắặếềệịọộớờợụủứừữự",
    "ru": "ыэё", "uk": "їєґі", "be": "ў", "bg": "ъѝ", "sr": "јљњћђџ", "mk": "јљњџѓќѕ",
}  # fmt: skip
"""Letters that hardly any other language of the same script has."""
