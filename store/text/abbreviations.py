"""Abbreviations by language: data for ``store.text.sentences``, and nothing else.

Every word stands in small letters and without its last full stop. ``titles`` never end a sentence, ``numbered`` never
do before a digit, ``may_end`` end one before a word that begins sentences, ``units`` end one after a number.
``spaced`` are those written with blanks, with all their full stops, parted by ``|``: no full stop in them but the last
can end a sentence.
"""

from __future__ import annotations

from typing import NamedTuple


class Abbreviations(NamedTuple):
    """The abbreviations of one language, each kind as words parted by white space."""

    titles: str = ""
    numbered: str = ""
    may_end: str = ""
    units: str = ""
    spaced: str = ""


LATIN = Abbreviations(titles="dr mr mrs ms no nr prof st")
"""What languages in the Latin script have in common: for those without a table."""

ABBREVIATIONS = {
    "en": Abbreviations(
        titles="""
            adm approx capt cf cmdr col dept det dr drs e.g ft gen gov hon i.e insp lt maj messrs mr mrs ms mt mx pres
            prof pvt rep rev sen sgt st supt v vs
        """,
        numbered="""
            approx apr art aug c ca ch dec eq est feb fig jan jul jun mar no nos nov oct p para pop pp sec sep sept
            vol
        """,
        may_end="""
            a.d a.m al ala apr ariz assn aug ave b.a b.c blvd bros calif cir co colo conn corp d.c dec e.u etc feb fla
            gmbh ill inc ind jan jr jul jun kan l.a llc ltd m.a m.d mar mass mich minn mo n.y neb nev nov oct okla op
            ore p.m pa ph.d plc rd sep sept sq sr supp tenn tex u.k u.n u.s u.s.a u.s.c univ va wash wis
        """,
        units="cm ft hr kg km lb mi min oz",
        spaced="U. S.|U. K.|a. m.|p. m.|e. g.|i. e.|B. C.|A. D.",
    ),
    "de": Abbreviations(
        titles="""
            bes bsp bzw ca d.h dipl dr evtl fr frhr geb gen gest ggf h.c hr i.d.r ing inkl jur mag med o.g phil prof
            sankt sog st u.a verh vgl z.b zzgl
        """,
        numbered="""
            abb abs apr art aug az bd bl ca dez feb jan jg jul jun kap mär nov nr nrn okt rd rn s seit sept str tab
            tel ziff §
        """,
        may_end="""
            bros bzgl chr co dgl einschl etc f ff inc jr kg km ltd min mio mrd n.chr sek sen std str tsd u.s u.v.m uhr
            usw v.chr z.t ä
        """,
        units="cm kg km m min std",
        spaced="z. B.|d. h.|u. a.|i. d. R.|o. ä.|s. o.|v. a.|u. U.|z. T.|v. Chr.|n. Chr.|e. V.",
    ),
    "fr": Abbreviations(
        titles="""
            cap cf col dir dr env ex gén lt m me messrs mgr mlle mlles mm mme mmes mr mrs p.ex pr ss st ste vs éd
        """,
        numbered="al art av avr chap d déc env fig févr janv juil l n no nos nov oct p pp r sept t tél vol",
        may_end="apr av bat bd bros co coll corp etc h.f hab inc j j.-c j.c jr ltd min réf sec vol éd",
        units="cm h kg km m",
        spaced="av. J.-C.|apr. J.-C.|p. ex.|c. -à-d.",
    ),
    "es": Abbreviations(
        titles="""
            aprox arq av avda cap cf cnel d dr dra dña excma excmo gral hnos ing lda lic mons p.ej pdte prof profa sr
            sra sres srta st sta sto ud uds vd vds vs
        """,
        numbered="aprox art arts cap ed fig n no nº núm núms p pp pág págs tel teléf vol",
        may_end="""
            a a.c a.m bros c cm co corp cía d.c d.n.i ee ee.uu eeuu etc hab hh inc jj jr kg km ltd ltda m p.m pp rr s
            s.a s.l ss uu
        """,
        units="cm kg km m",
        spaced="EE. UU.|RR. HH.|FF. AA.|JJ. OO.|a. C.|d. C.|a. de C.|d. de C.|a. J. C.|d. J. C.|a. de J. C.|"
        "d. de J. C.|p. ej.|a. m.|p. m.|S. A.",
    ),
    "it": Abbreviations(
        titles="""
            arch avv cap cfr col dott dott.ssa dr es gen geom ing mons mr on p.es prof prof.ssa rag s sen sig sig.ra
            sigg ss st
        """,
        numbered="art artt c ca cap co d.lgs fig lett n nn p pag pp reg sez tel v vol",
        may_end="a.c ab bros cm corp d.c ecc etc inc jr km ltd p s s.p.a s.r.l",
        units="cm kg km m",
        spaced="a. C.|d. C.|s. p. a.",
    ),
    "pt": Abbreviations(
        titles="""
            arq av cap cel cf d dep dr dra dª eng ex exma exmo gen p.ex prof profa r sr sra srs srta st sta sto vs
        """,
        numbered="aprox art arts cap fig inc n nº núm p pp pág tel vol",
        may_end="a.c bros cia cm co corp d.c etc h hab inc jr km ltda r$ s.a",
        spaced="a. C.|d. C.|p. ex.",
    ),
    "nl": Abbreviations(
        titles="""
            bijv bv ca d.w.z dhr dr drs evt gen ing ir jhr jkvr kol m.a.w mevr mgr mr mrs mw nl o.a prof resp st vgl
        """,
        numbered="apr art aug blz ca dec feb fig jan nov nr nrs okt p pp sept tel vol",
        may_end="a.d b.v bros c.q e.a e.d enz etc i.v.m inc jr ltd m.b.t n.chr n.v s sr t.a.v v.chr",
    ),
    "el": Abbreviations(
        titles="αγ αν βλ δηλ δρ κ κ.κ κα κκ λ.χ π.χ στρ υπ",
        numbered="αρ αριθ κεφ περ σ σελ τηλ τομ",
        may_end="α.ε αι ε.ε η.π.α κ.ά κ.ο.κ κ.τ.λ κλπ κτλ μ.μ μ.χ ο.η.ε π.μ",
        units="εκ κ.μ μ χλμ",
        spaced="π. Χ.|μ. Χ.|π. μ.|μ. μ.|κ. ά.|κ. λπ.",
    ),
    "pl": Abbreviations(
        titles="""
            abp al bp bł dr gen hab im inż kard kpt ks m.in mgr mjr mr np ok os p pl por por. pp ppor ppłk prof płk
            red tj tzn tzw ul ur zm św
        """,
        numbered="art dz godz lit nr ok par pkt poz r rozdz s str t tel tom ul ust w",
        may_end="""
            c cm etc gm godz gr ha itd itp kg km m min mld mln n.e p.n.e pow proc r rr sek tys w woj wyd zob zł
        """,
        units="cm etc godz gr ha itd itp kg km m min mld mln proc r rr sek tys w zł",
        spaced="p. n. e.|n. e.|m. in.",
    ),
    "ru": Abbreviations(
        titles="""
            акад бул г-жа г-н ген гл гр дер доц им каб кап кн корп лейт макс мл наб напр обл ок оф пер пл подп
            полк пос пр прим просп проф р-н ред род св см сост ср ст стр т.е т.к т.н т.ч тел ул ум
        """,
        numbered="""
            авг апр вып гл д дек им кв мар млн млрд н нояб окт п пп прим рис с сент ст стр т табл тел тыс ул фев ч янв
            №
        """,
        may_end="""
            англ в вв г га гг греч д долл др исп итал кв кг км коп куб лат м мин млн млрд н н.э нем п пр проч руб рус
            сек см стр т.д т.п тд тп тыс фр ч час чел э экз
        """,
        units="""
            в вв г га гг д долл др кв.м кг км коп м мин мл млн млрд н.э п проч руб сек см т т.д т.п тыс ч час чел э
            экз
        """,
        spaced="т. д.|т. п.|т. е.|т. к.|т. н.|т. ч.|н. э.|и. о.|с. ш.|в. д.",
    ),
    "uk": Abbreviations(
        titles="""
            акад бл буд вул ген див доц кн напр о обл п пл полк пор пп пров просп проф р-н ред св смт ст т.зв т.ч
            тобто ім
        """,
        numbered="вип вул гл д кв п пп рис с ст стор т табл тел ч №",
        may_end="""
            англ га год грец грн д дол е кг км коп лат м млн млрд н.е нім п р рос рр см ст т.д т.п т.ін тис тощо хв
            чол ін
        """,
        units="га год грн д дол е кг км коп м млн млрд н.е п р рр см ст т т.д т.п тис хв чол",
        spaced="т. д.|т. п.|н. е.",
    ),
    "tr": Abbreviations(
        titles="""
            alb av bay bkz bn doç dr gen gör haz hz mim mr mrs müh prof sn st yay yrd yzb çev ör örn öğr
        """,
        numbered="bkz cilt m.s m.ö mad md no s sf tel yy",
        may_end="a.ş apt bl bros cad cm corp dk gr inc jr kg km ltd m.s m.ö mah sn sok t.c vb vd vs yy şti",
        units="cm dk kg km m",
        spaced="M. Ö.|M. S.|T. C.|A. Ş.",
    ),
    "hi": Abbreviations(
        titles="""
            आई आर ई ए एक्स एच एन एफ एम एल एस ओ कि.मी के क्यू जी जे जेड टी डब्ल्यू डा डी डॉ नं पं पी प्रो बी मु मो यू
            रु वाई वी श्री श्रीमती सं सी
        """,
        numbered="नं पृ सं",
        may_end="ई ई.पू कि.मी रु",
    ),
    "ar": Abbreviations(
        titles="أ ب.م ت ج د ص ق.م م ه",
        may_end="ب.م ق.م م ه",
        spaced="ق. م.|ب. م.",
    ),
}
