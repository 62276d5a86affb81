"""English word lists. Closed classes first; the open ones hold only what the rules cannot guess."""

from __future__ import annotations

from shared.adapters.offline_analyst.lexicon.entry import pairs, words

_CLASSES = {
    "DET": "the a an this that these those some any each every another either both all half such what which "
    "whatever enough",
    "POSS": "my your his her its our their whose",
    "NEGDET": "no",
    "PRON": "i you he she it we they who there nobody someone everybody everyone anybody anyone somebody something "
    "nothing everything anything one me him us them myself yourself himself herself itself ourselves "
    "themselves mine yours hers ours",
    "PREP": "of in on at for with without about from by into through over under between among against during before "
    "after behind beyond within towards toward onto upon off near across around along despite until since "
    "like than as per via because if when while although though unless whenever whereas once",
    "CONJ": "and or but so nor yet then",
    "TO": "to",
    "MODAL": "can could will would shall should may might must cannot gonna wanna gotta 'll 'd",
    "BE": "be am is are was were been being 'm 're",
    "HAVE": "have has had having 've",
    "DO": "do does did doing",
    "NEG": "not never n't hardly neither",
    "ADV": "very really just also too even still already always often sometimes usually ever quite rather almost "
    "only again now here there away back up down out then maybe perhaps actually basically literally "
    "probably definitely well so much more most less least yes yeah okay ok oh um uh how why where together "
    "else instead anyway today tomorrow yesterday anymore beforehand throughout somehow far soon later ago "
    "twice straight everywhere nowhere somewhere pretty bit totally completely",
    "NUM": "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty "
    "hundred thousand million first second third last next several many few other own same",
}
CLOSED = {word: tag for tag, text in reversed(_CLASSES.items()) for word in text.split()}

IRREGULAR = pairs(
    "felt:feel lost:lose left:leave told:tell kept:keep made:make went:go gone:go came:come took:take taken:take "
    "gave:give given:give got:get gotten:get knew:know known:know thought:think saw:see seen:see found:find "
    "said:say heard:hear stood:stand understood:understand began:begin begun:begin brought:bring built:build "
    "bought:buy chose:choose chosen:choose drew:draw drove:drive driven:drive ate:eat fell:fall fallen:fall "
    "fought:fight forgot:forget forgotten:forget forgave:forgive grew:grow grown:grow hid:hide hidden:hide "
    "held:hold hurt:hurt led:lead learnt:learn lent:lend let:let lay:lie meant:mean met:meet paid:pay put:put "
    "ran:run rang:ring rose:rise sent:send sat:sit slept:sleep spoke:speak spoken:speak spent:spend stole:steal "
    "stuck:stick taught:teach threw:throw thrown:throw wore:wear worn:wear won:win wrote:write written:write "
    "broke:break broken:break caught:catch dealt:deal sold:sell sought:seek shook:shake shut:shut sang:sing "
    "swore:swear became:become cut:cut overcame:overcome"
)

ADJECTIVES = words(
    "alone afraid angry anxious ashamed aware awkward bad beautiful better bitter blind brave bright broken busy "
    "calm careful cheap clear clever clumsy cold common complete confused constant cruel curious daily dark dead "
    "deaf deep different difficult direct dirty distant double easy empty equal exhausted expensive extra fair "
    "false familiar fast fat fine fixed formal fragile free frequent fresh frustrated full funny future gentle glad "
    "good grateful great guilty half happy hard healthy heavy high hidden honest hot huge human hungry ill immense "
    "independent inner intense invisible kind large late lazy little lonely long loose loud low lucky mad main mean "
    "mental modern mutual narrow natural nervous new nice noisy normal old open paid painful past patient perfect "
    "personal physical pleasant poor private proud public pure quick quiet rare raw ready real relaxed rich right "
    "rough rude sad safe secret sensitive separate serious shared sharp short shy sick silent simple single slow "
    "small smart social sorry special stable steady strange strict strong stupid sudden sure sweet tall tender "
    "tense thick thin tired tough true ugly unable unfair uneasy upset useful useless vague valuable violent warm "
    "weak weird whole wide wild willing wise worried worse wrong young welcome worth free mad unpaid unseen written"
)

VERBS = words(
    "accept admire admit adapt agree allow answer apologise apologize argue arrange ask avoid bathe bear beg "
    "believe belong blame bother breathe build call calm cancel care carry challenge change charge chat cheat check "
    "choose clean close collaborate collect comfort communicate compare complain connect consider control cook cope "
    "correct count cover create cry cut dance deal decide defend delay demand deny depend describe design discover "
    "discuss dream drive drop earn embrace encourage enjoy escape exchange exclude expect experience explain "
    "explore express face fail fall fear feed feel fight fill find finish fix focus follow force forget forgive "
    "gather grow guess guide hate hear help hide hire hold hope hurry hurt ignore imagine improve include interact "
    "interrupt invent join judge jump keep laugh lead learn leave lie lift listen live lose love manage measure "
    "meet mend mind miss mourn move need negotiate notice obey observe offer organise organize overcome owe pay "
    "perform persuade phone plan play please praise pray prefer prepare press pretend prevent promise protect prove "
    "provide pull push quit reach react read realise realize record recover reduce refuse regret reject relax rely "
    "remember remind repair repeat replace reply report require rescue resist respect respond rest return reveal "
    "ring risk rush sacrifice save scare search sell send separate serve share shout show sign sit skip sleep slow "
    "smile solve speak spend stand start stay steal stop struggle study suffer suggest support surprise survive "
    "suspect switch talk teach test thank threaten touch track train translate travel treat trust try understand "
    "update use visit wait walk want drink sleep stay say blame bathe charge warn wash waste watch welcome wish "
    "wonder work worry write balance beat control phone text value demand dress feed"
)

ABSTRACT = words(
    "trust fear shame guilt pride anger rage joy grief love hope doubt care respect support help control power "
    "freedom pressure stress hurry rush silence privacy company courage patience safety risk choice change chaos "
    "beauty awe curiosity surprise regret relief comfort pain loss luck faith empathy dignity burden conflict "
    "distance routine habit memory peace boredom hatred envy sorrow pity wonder delight despair panic tension "
    "teamwork honesty identity nostalgia burnout feedback guidance surveillance autonomy solidarity mistrust "
    "distrust gratitude warmth immersion meaning purpose hope motivation humour humor calm rest overtime paperwork "
    "absence recognition independence vocation growth progress success failure fairness struggle knowledge skill "
    "talent quality exhaustion responsibility flexibility"
)

VAGUE = words(
    "thing things way ways lot lots bit kind sort type one ones something anything everything nothing someone "
    "anyone people person guy guys man woman time times year years month months week weeks day days hour hours "
    "minute minutes moment morning night evening afternoon part parts stuff point points end example fact case side "
    "number piece couple place matter question answer reason word words name course deal issue idea sense level "
    "area world life today home house game games experience video pm am rest stuff half front top back bottom line "
    "list set group amount interview episode show podcast conversation chapter story bunch mr mrs ms dr while "
    "middle kinds sorts instance terms"
)

EMPTY_ADJECTIVES = words(
    "good bad nice great fine big small little other same own such much many more most few several first last next "
    "new old able certain whole different various sure only very main recent real right wrong okay ok true long "
    "short high low possible better best worse worst full general particular specific single total young extra half "
    "actual entire amazing awesome cool super past future previous current large huge interesting important ready "
    "similar usual lovely pretty"
)

LIGHT_VERBS = words(
    "be have do get go come put take give make let keep set use look see seem show turn run happen start begin try "
    "bring become sit stand find want need like"
)
DULL_VERBS = words(
    "say tell talk think know mean guess suppose believe consider call ask speak mention remember imagine wonder "
    "describe explain answer happen seem be have do get go come gonna wanna look feel want like let used love gotta "
    "sort kind thank hear suppose figure reckon die born rain live"
)
STATES = words("be feel become get stay seem look remain")
