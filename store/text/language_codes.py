"""Codes of languages (BCP 47), and the names by which people know them."""

from __future__ import annotations

import re
from functools import cache

from store.errors import Refused

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_SHOWN = 40

_NAMES = """
aa aar Afar|ab abk Abkhazian|ae ave Avestan|af afr Afrikaans|ak aka Akan Twi|am amh Amharic አማርኛ
an arg Aragonese Aragonés|ar ara Arabic العربية عربي|as asm Assamese অসমীয়া|av ava Avaric|ay aym Aymara
az aze Azerbaijani Azeri Azərbaycanca|ba bak Bashkir Башҡортса|be bel Belarusian Belarussian Беларуская
bg bul Bulgarian Български|bh bih Bihari|bi bis Bislama|bm bam Bambara|bn ben Bengali Bangla বাংলা
bo bod tib Tibetan བོད་སྐད་|br bre Breton Brezhoneg|bs bos Bosnian Bosanski|ca cat Catalan Valencian Català
ce che Chechen|ch cha Chamorro|co cos Corsican Corsu|cr cre Cree|cs ces cze Czech Čeština Česky Cestina
cu chu Slavonic|cv chv Chuvash Чӑвашла|cy cym wel Welsh Cymraeg|da dan Danish Dansk|de deu ger German Deutsch
dv div Dhivehi Maldivian|dz dzo Dzongkha|ee ewe Ewe|el ell gre Greek Ελληνικά Ellinika|en eng English Englisch
eo epo Esperanto|es spa Spanish Castilian Español Espanol Castellano|et est Estonian Eesti
eu eus baq Basque Euskara|fa fas per Persian Farsi فارسی|ff ful Fulah Fula|fi fin Finnish Suomi|fj fij Fijian
fo fao Faroese Føroyskt|fr fra fre French Français Francais|fy fry Frisian Frysk|ga gle Irish Gaeilge
gd gla Gaelic Gàidhlig|gl glg Galician Galego|gn grn Guarani|gu guj Gujarati ગુજરાતી|gv glv Manx
ha hau Hausa|he heb iw Hebrew Ivrit עברית|hi hin Hindi हिन्दी हिंदी|ho hmo|hr hrv Croatian Hrvatski
ht hat Haitian Creole|hu hun Hungarian Magyar|hy hye arm Armenian Հայերեն|hz her Herero|ia ina Interlingua
id ind in Indonesian Bahasa Indonesia|ie ile Interlingue|ig ibo Igbo|ii iii Nuosu|ik ipk Inupiaq|io ido Ido
is isl ice Icelandic Íslenska|it ita Italian Italiano|iu iku Inuktitut|ja jpn jp Japanese 日本語 Nihongo
jv jav Javanese|ka kat geo Georgian ქართული|kg kon Kongo|ki kik Kikuyu|kj kua Kuanyama|kk kaz Kazakh Қазақша
kl kal Kalaallisut Greenlandic|km khm Khmer Cambodian ខ្មែរ ភាសាខ្មែរ|kn kan Kannada ಕನ್ನಡ|ko kor kr Korean 한국어 Hangul
kr kau Kanuri|ks kas Kashmiri|ku kur Kurdish Kurdî|kv kom Komi|kw cor Cornish|ky kir Kyrgyz Кыргызча
la lat Latin|lb ltz Luxembourgish Lëtzebuergesch|lg lug Ganda Luganda|li lim Limburgish|ln lin Lingala
lo lao Lao Laotian ລາວ|lt lit Lithuanian Lietuvių|lu lub Luba|lv lav Latvian Latviešu|mg mlg Malagasy
mh mah Marshallese|mi mri mao Maori Māori|mk mkd mac Macedonian Македонски|ml mal Malayalam മലയാളം
mn mon Mongolian Монгол|mr mar Marathi मराठी|ms msa may Malay Melayu|mt mlt Maltese Malti|my mya bur Burmese မြန်မာ
na nau Nauru|nb nob Bokmål|nd nde Ndebele|ne nep Nepali नेपाली|ng ndo Ndonga|nl nld dut Dutch Nederlands Flemish Vlaams
nn nno Nynorsk|no nor Norwegian Norsk|nr nbl|nv nav Navajo|ny nya Chichewa Nyanja|oc oci Occitan|oj oji Ojibwa
om orm Oromo|or ori Odia Oriya ଓଡ଼ିଆ|os oss Ossetian|pa pan Punjabi Panjabi ਪੰਜਾਬੀ|pi pli Pali|pl pol Polish Polski
ps pus Pashto پښتو|pt por Portuguese Português Portugues|qu que Quechua|rm roh Romansh|rn run Rundi
ro ron rum mo Romanian Moldovan Română Romana|ru rus Russian Русский|rw kin Kinyarwanda|sa san Sanskrit
sc srd Sardinian|sd snd Sindhi|se sme Sami|sg sag Sango|sh hbs|si sin Sinhala Sinhalese සිංහල
sk slk slo Slovak Slovenčina|sl slv Slovenian Slovene Slovenščina|sm smo Samoan|sn sna Shona|so som Somali Soomaali
sq sqi alb Albanian Shqip|sr srp Serbian Српски Srpski|ss ssw Swati|st sot Sotho|su sun Sundanese
sv swe se Swedish Svenska|sw swa Swahili Kiswahili|ta tam Tamil தமிழ்|te tel Telugu తెలుగు|tg tgk Tajik Тоҷикӣ
th tha Thai ไทย ภาษาไทย|ti tir Tigrinya ትግርኛ|tk tuk Turkmen|tl tgl Tagalog|tn tsn Tswana|to ton Tonga Tongan
tr tur Turkish Türkçe Turkce|ts tso Tsonga|tt tat Tatar|tw twi|ty tah Tahitian|ug uig Uyghur Uighur
uk ukr ua Ukrainian Українська|ur urd Urdu اردو|uz uzb Uzbek Oʻzbekcha|ve ven Venda|vi vie vn Vietnamese Việt
vo vol Volapük|wa wln Walloon|wo wol Wolof|xh xho Xhosa|yi yid Yiddish ייִדיש|yo yor Yoruba Yorùbá|za zha Zhuang
zh zho chi cn Chinese Mandarin 中文 汉语 漢語 普通话 Zhongwen|zu zul Zulu
fil Filipino|yue Cantonese 粵語|gsw Alemannic|ckb Sorani|prs Dari|nds Plattdeutsch|ceb Cebuano|haw Hawaiian
"""
"""Each language: its code, other codes of it or of its country, its English name, its own name."""

_MORE = """
ace ach ada ady ain akk alt ang anp apc arc arn arp ary arz asa ast awa ban bar bas bem ber bho bik bin bla bra brx
bua bug byn cad car cdo chk chm chn cho chp chr chy cjk cnr cop crh crs csb dak dar del den dgr din doi dsb dua dyu
efi eka ewo ext fan fat fon frp frr fur gaa gan gay gba gez gil glk gom gor got grb grc guz gwi hai hak hil hmn hne hsb
hup iba ilo inh jam jbo jpr jrb kaa kab kac kam kbd kde kea kha khq kln kmb kmr kok kos kpe krc krl kru ksh kum kut lad
lah lam lez lij lmo lol lou loz lrc ltg lua lui lun luo lus luy lzh mad mag mai mak man mas mdf men mer mey mfe mgh mhr
mic min mnc mni mnk moh mos mrj mul mus mwl myv mzn nan nap naq nah new nia niu nog nov nqo nso nus nym nyn nyo nzi osa
pag pam pap pau pcm pdc pms pnb pnt pon pro quc quz raj rap rar rgn rhg rom rup rwk sad sah sam saq sas sat scn sco seh
sel ses shi shn sid sma smj smn sms snk sog srn srr stq suk sus syr szl tem teo ter tet tig tiv tkl tlh tli tmh tog tok
tpi trv tsi tum tvl tyv tzm udm umb und vai vec vep vls vot vro vun wal war was wbp wuu xal xmf xog yao yap yav yua zap
zea zen zgh zun zza
"""
"""Languages whose code has three letters, by their codes alone."""


def checked_code(said: str) -> str:
    """The code that somebody wrote, as it is stored: ``EN-gb`` becomes ``en-GB``; nothing stays nothing.

    Raises:
        Refused: it is not the code of a language; the sentence names the code that was meant when it can be told.
    """
    said = said.strip()
    if not said:
        return ""
    first, *others = said.split("-")
    if _TAG.fullmatch(said) and is_code(first):
        return "-".join([first.lower(), *map(_subtag, others)])
    shown = "".join(c if c.isprintable() else "\ufffd" for c in said[:_SHOWN]) + "…" * (len(said) > _SHOWN)
    meant = _meant(said)
    mend = f"did you mean “{meant}”?" if meant else "write a code such as en, de or zh, or nothing to have it guessed."
    raise Refused(f"“{shown}” is not the code of a language: {mend}")


def is_code(said: str) -> bool:
    """Whether these two or three letters are the code of a language as BCP 47 wants it."""
    return said.lower() in _codes()


def name(code: str) -> str:
    """The English name of the language of a code; the code itself when it has none here."""
    first = code.partition("-")[0].lower()
    return _codes().get(first) or code


def _meant(said: str) -> str:
    """The code that somebody may have meant; empty when that cannot be told."""
    first, *others = re.split(r"[-_\s.@]+", said)
    found = _known_as().get(said.casefold()) or _known_as().get(first.casefold())
    if not found and is_code(first) and others:
        found = first.lower()
    region = others[0] if others and re.fullmatch(r"[A-Za-z]{2}|[A-Za-z]{4}|\d{3}", others[0]) else ""
    return f"{found}-{_subtag(region)}" if found and region else found or ""


def _subtag(part: str) -> str:
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part


@cache
def _codes() -> dict[str, str]:
    """English names by code; empty for those that have none here."""
    found = dict.fromkeys(_MORE.split(), "")
    for line in _NAMES.replace("\n", "|").strip("|").split("|"):
        code, *known_as = line.split()
        found[code] = next((word for word in known_as if word[0].isupper()), "")
    return found


@cache
def _known_as() -> dict[str, str]:
    """Codes by the names, and by the other codes, of their languages."""
    found: dict[str, str] = {}
    for line in _NAMES.replace("\n", "|").strip("|").split("|"):
        code, *known_as = line.split()
        for word in known_as:
            if word.casefold() not in _codes():
                found.setdefault(word.casefold(), code)
    return found
