"""The closed classes of words by which English says who speaks, who denies, what is only planned and whom an act is aimed at.

What is done is named in the acts of the catalogue; these words only say how far it is done, and belong to the language.
"""

from __future__ import annotations


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


SAYING = _set(
    "say tell state announce report declare claim note add confirm reveal disclose explain believe think know suggest show",
    "indicate estimate allege assert maintain argue reiterate write quote insist conclude stress emphasize emphasise warn",
    "acknowledge admit find fear hear learn predict signal understand recall hint affirm complain",
)
"""What stands in the clause after them is said, not done; who says it is named."""

DENYING = _set("deny dispute refute disavow rebut dismiss reject disprove repudiate")
"""What stands after them is said not to be so."""

REFUSING = _set(
    "refuse decline fail reject stop cease avoid halt refrain forbid prohibit ban bar prevent block keep oppose abandon scrap",
    "shelve quit veto rule resist cancel postpone delay hesitate neglect forget forgo boycott hinder dissuade discourage avert",
    "foil thwart forestall lack",
)
"""What stands after them is not done, or no longer."""

GAINING = _set("benefit profit gain come return result stem arise recover suffer emerge earn learn differ range")
"""From what stands after them in the gerund something comes; all other verbs keep their subject from it: `held back from`."""

STOPPING = _set("stop cease halt quit")
"""Of those, they say that it was done before: who never stops goes on."""

MEANING = _set(
    "plan intend want hope expect threaten agree promise pledge vow offer try attempt consider seek need ready willing propose",
    "prepare decide ask urge demand call order tell request require wish aim mean consent swear undertake warn invite press",
    "advise recommend encourage persuade convince authorize authorise allow permit prefer like eager likely unlikely set due",
    "poise able unable discuss contemplate mull ponder weigh study debate suggest support favor favour back approve advocate",
    "unwilling reluctant prepared determined choose volunteer bid push lobby fear pressure appeal instruct commit expected",
    "sworn fight struggle work deserve strive suppose believe reluctance help simulate rehearse practise practice envisage envision",
    "imagine pretend about",
)
"""What stands after them in the infinitive is meant to be done, or feared: nobody says that it was."""

BRACING = _set("warn caution drill train brace guard")
BRACED_FOR = _set("of about against for")
"""What stands after these verbs and prepositions is feared, and has not come."""

JUDGING = _set("support back favor favour approve fear like fight")
"""Of those they judge what somebody does, where it is named as theirs."""

CARRYING_OUT = _set("begin start continue keep proceed go resume manage get come help use dare succeed rush")
"""What stands after them is done."""

SEEMING = _set("seem appear doubt")

DEMANDING = _set("must should ought")

DOUBTING = _set("may might could would should must can ought")

ALLEGEDLY = _set("reportedly allegedly apparently supposedly purportedly ostensibly")

NEGATING = _set("not never no neither hardly barely scarcely n't nobody none")

ALMOST = _set("almost nearly")
"""Beside a verb they say that it was not done."""

FALSE = _set("false untrue wrong incorrect baseless unfounded groundless fake fabricated fictitious")
TRUE = _set("true right correct real")
"""What a sentence says of what somebody says."""

OCCURRING = _set("happen occur come take materialize materialise")
"""What these do not do has not been done: an attack that never came, or took no place."""

OPENING = _set("begin start open commence")
"""What ended before it did so has never been: talks that collapsed before they began."""

SIGNS = _set("evidence proof sign indication trace hint word report")
"""Where there is none of them, nothing has been done."""

CLAIMS = _set("claim report allegation accusation rumor rumour suspicion assertion speculation")
"""Nouns of what somebody says."""

NO_MORE_THAN = _set("only just merely simply")
"""Behind a `not` they say that there is more: `not only attacked`."""

WITHOUT = _set("without instead")
"""What stands after them is not done; what stands before them is."""

RATHER_THAN = "than"
"""Before a verb it says that something else was done."""

CONDITIONAL = _set("if unless whether lest")

UNREAL = _set(
    "possible potential planned alleged proposed future threatened suspected hypothetical imminent feared looming likely supposed",
    "attempted failed averted foiled would-be scheduled upcoming unlikely impossible improbable allege suspect propose threaten",
    "elusive",
)
"""Before the noun of an act they say that it has not been done."""

FEARING = _set(
    "fear risk threat possibility prospect danger likelihood plan proposal intention call demand offer case talk hope event"
)
"""Nouns of which what follows is only thought of."""

LIGHT = _set(
    "hold have make launch conduct carry stage mount impose give provide offer sign reach strike seal conclude begin start open",
    "resume continue pay issue order undertake initiate join attend host extend expand increase intensify step strengthen boost",
    "deepen lead wage commit execute perform enter forge form establish restore maintain send deliver slap place put take hit",
    "renew grant do repeat declare broker slam tighten get announce reiterate reaffirm express voice file lodge unleash level",
    "kick",
)
"""Beside the noun of an act they say no more than that it is done."""

ENDING = _set(
    "end lift halt suspend stop cancel ease cut reduce drop scrap break sever freeze withdraw postpone terminate relax remove",
    "loosen abandon discontinue shorten curtail interrupt repeal revoke sever",
)
"""Beside the noun of an act they turn it into its opposite."""

OBJECT_CONTROL = _set(
    "urge ask tell order allow permit force help persuade convince encourage let make enable want expect press pressure compel",
    "require request invite advise instruct authorize authorise lead cause get beg implore warn forbid call lobby oblige see",
)
"""What stands after them is done by their object."""

RAISING = (SAYING - {"tell"}) | _set("expect schedule set slate poise tip rumor rumour suppose intend suspect accuse")
"""In the passive they say of their subject what it does itself: `is expected to visit`."""

BLAMING = _set(
    "accuse suspect blame convict condemn criticize criticise praise thank prevent stop keep ban bar arrest charge censure fault",
    "dissuade discourage rebuke punish expel sanction denounce indict detain jail warn deter",
)
"""What stands after their preposition is done by their object."""

TRANSFERRING = _set(
    "send deploy move fire launch give supply export sell ship deliver transfer lend provide donate offer grant contribute fly",
    "extradite deport return hand bring dispatch airlift loan pay issue deal present station move deploy",
)
"""They take something to somebody: whoever it is made of or named after is not the aim."""

THINGS = _set(
    "missile weapon drone rocket shell troop soldier aircraft jet plane ship tank arm munition ammunition artillery gas oil food",
    "peacekeeper aid money dollar fund worker goods good grain supply system satellite force army shot bomb warship helicopter fighter",
)
"""What is taken to somebody is not done something to."""

NAMING = _set("call")
"""Beside what they call somebody they are no call."""

IMMATERIAL = _set(
    "speech interview chance run lecture address message statement blow word look view reason excuse impression credit way time",
    "leeway deadline name voice hint light opportunity answer reply advice order sign evidence letter note greeting condolence",
    "invitation signal delegation envoy diplomat negotiator",
)
"""Who gives somebody these does not aid them."""

DATES = _set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september",
    "october november december",
)
"""What stands before them is no part of a verb: `called Japan on Monday` is no call on it."""

TOWARDS = _set("to into onto against at on upon toward towards versus")
"""Prepositions that name the aim."""

AROUND = _set("in from for near inside over across around through off between among of with within outside")
"""Prepositions that may name the aim where nothing else does."""

PLACING = _set("in inside near around within outside across")
"""They say where something is or happens, and hardly to whom."""

OF_NOUNS = _set("of on against to with for at into in from between among toward towards upon over near inside around along off")
"""Prepositions that join the aim to a noun."""

OFFICES = _set(
    "president minister premier chancellor king queen prince emir sultan leader government army navy military force forces troop",
    "soldier police parliament congress senate ministry official officials authority authorities ambassador envoy diplomat",
    "spokesman spokeswoman spokesperson republic kingdom people state member members group delegation head chief secretary",
    "representative governor mayor court cabinet party union council commission federation administration regime bank director",
    "general commander negotiator house department embassy opposition",
)
"""`the president of Russia`, `troops from Russia` act for Russia."""

NOT_OF_THEM = _set(
    "critic opponent ally neighbor neighbour rival foe enemy defector exile dissident rebel separatist protester protestor",
    "demonstrator expert analyst watcher specialist escapee fugitive",
)
"""`Russian dissidents` and `critics of Russia` do not act for Russia, nor is what is done to them done to Russia."""

NOT_FOR_THEM = _set("refugee prisoner victim hostage abductee migrant emigrant")
"""`Russian prisoners` do not act for Russia, but what is done to them is done to Russians."""

PACKAGES = _set("package series round wave barrage spate flurry string programme program form act campaign kind")
"""A `round of talks` is talks."""

PEOPLE = OFFICES | _set(
    "rebel guerrilla guerilla militant militia militiaman fighter hacker protester demonstrator student worker farmer prisoner",
    "refugee civilian citizen national journalist missionary elder settler inhabitant resident supporter group company newspaper",
    "agency businessman businesswoman lawyer judge bomber politician lawmaker activist adviser advisor observer inspector",
    "peacekeeper administrator terrorist gunman man woman child boy girl doctor teacher dissident separatist defector migrant",
    "insurgent officer lawmaker deputy legislator trader fisherman fundamentalist extremist islamist cleric priest bishop",
    "archbishop pope rabbi imam captain colonel ally neighbor neighbour faction alliance coalition movement organization",
    "organisation committee junta administration network community tribe clan hostage hostage-taker critic opponent reporter",
    "editor scientist expert analyst executive chairman chairwoman president-elect candidate voter family mediator monitor",
    "team mission staff personnel crew navy airline firm manufacturer maker business investor bank union association society",
    "institution body watchdog jury prosecutor attorney warlord commando paratrooper marine sailor pilot pirate smuggler",
    "country nation employee musician individual artist athlete engineer nurse driver miner trucker staffer intellectual counterpart",
    "trafficker gang mob crowd youth villager nomad herder tribesman tourist visitor passenger immigrant alien kurd",
)
"""Those who can act and be acted upon, where they have no name."""

PLACES = _set(
    "town city village site territory region area republic enclave capital province district island border embassy consulate",
    "base port camp stronghold airspace waters coast settlement zone",
)
"""They are named with their adjective: Iraqi towns."""

OFFICIALS = _set("official minister spokesman spokeswoman spokesperson member representative delegate")
"""They speak for a body that is named before them: European Community ministers."""

UNDERGOING = _set("die suffer perish undergo lose collapse face incur sustain endure")
"""What befalls their subject; whoever does it is not named by them."""

RECEIVING = _set("receive get obtain win secure face incur suffer")
"""They turn an act round: who receives aid from somebody is aided."""

QUANTITIES = _set(
    "group thousand hundred dozen number third half quarter part majority member couple pair series ten million score some all",
    "most many several one two rest batch patch contingent lot handful",
)
"""`thousands of Iraqi Kurds` are Iraqi Kurds."""

PRONOUNS = _set("it he she they we i")
RELATIVE = _set("who which that whom")
