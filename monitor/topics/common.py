"""The everyday words of English news: a guess at how many texts they stand in. Nothing is left out for it.

The presearch looks for the rarest word of a query first; a guess that is wrong costs time, never a match.
"""

_EVERYWHERE = "a and for in is of on s that the to with"
_IN_MOST = """
    about after all also an any are as at be because been but by can could day did do even first from
    had has have he her his how i if into it its just last like made make many may more most my new no
    not now one only or other our out over people said she should since so some state than their them
    then there these they this those through time told two under up us was way we week were what when
    where which while who will would year years you your
"""
_IN_MANY = """
    000 10 according across again against ago already always am among another aren around asked back
    before being best better between both business called came case change chief city come company
    country course day days decision did didn doesn don down during each early end every fact far few
    former four friday general get give given go going good got government great group head help here
    high him himself home house however including isn issue issues keep know later law leader leaders
    least left less little ll long looking made making man march me media members million minister
    moment monday month months morning much must national need never news next night nothing number off
    office official officials old once part party past percent place plan point police political power
    president press public put question re report reported reporters reports right same saturday say
    saying says second secretary security see set several showed side sources spokesman statement states
    still such sunday take taken tell thing think third though thought three thursday times today told
    too took top trying tuesday until use used ve very want wanted wednesday week well went whether
    white whole why win without women work working world yet
"""
_IN_SOME = """
    able action actually added administration agency agreement ahead almost along american announced
    anyone anything april area article attack august away bad based become began begin behind believe
    big bill billion bring capital cases chairman children claim clear close comes comments community
    companies conference continue council countries court crisis cut daily data deal death december
    decided defense department different director done economic economy effort efforts either election
    else enough ever everyone executive expected face family february find five following force foreign
    forces forward found free full future getting gave gone groups half hand hard having health held
    history hold hope hours human idea important information inside instead interest interview involved
    job join july june justice key killed known large largely late latest leadership leading led level
    life likely line list live local longer look lost lot main major market matter mean means meet
    meeting member men message might military money move mr nation nations near nearly north november
    october offered open order others outside own person plans policy position possible present pressure
    private problem process program rather read real really reason recent recently record region related
    release rest result return risk role rule rules run running seek seen senior sense sent september
    services should shot show signed similar single situation six small someone something soon south
    speaking special staff start started step stop story street strong support system talk talks team
    term terms themselves things thousands threat toward trade tried turn turned union united using
    video view vote wall war water ways weeks west words workers world worth wrote yes york young
"""
_IN_FEW = """
    access accused act actions adding address adviser agenda agree air allies allow allowed although america
    americans amid answer anti appeared approach ask associated attacks attention attorney battle became
    below beyond biggest black border brought budget build california call calling calls campaign candidate
    candidates cannot capitol care center certain chance changes china citizens civil claimed claims class
    cnn college coming committee concerns confirmed congress congressional conservative conservatives
    consider continued control cost coverage create criminal criticism critics current currently david
    debate decades democrat democratic democrats described despite details district does doing due earlier
    effect elected elections email enforcement especially event everything evidence example failed fall
    families fbi federal feel fight final financial fire florida focus follow fox front funding further
    george giving goes gop gov governor ground growing gun happen happened hearing helped higher hill hit
    illegal image images immediately immigrants immigration impact include increase intelligence
    international investigation issued itself james january jobs john judge kind lawmakers laws lead leave
    legal legislation let liberal lives low lower majority makes mark meanwhile measure met michael middle
    mike millions movement name needed needs nomination nominee non noted numbers often ohio opinion
    opportunity opposition organization particularly parties pass passed paul pay perhaps personal photo
    play points policies politico politics poll polls post potential presidency presidential primary pro
    probably problems protect provide push questions quickly race raised received reform released remain
    remains remarks republican republicans research response reuters rights robert room russia russian saw
    school seeking seems self senate senator senators serious service seven share short shows sides sign
    significant simply social speak speaker speech spending spent spoke stand stay strategy supporters
    supreme sure taking talking tax texas together true try tweeted twitter university vice victory violence
    virginia voted voters votes wants washington wasn watch whose within woman won worked wrong
"""

COMMON_WORDS = {
    word: per_mille
    for words, per_mille in (
        (_IN_FEW, 60),
        (_IN_SOME, 100),
        (_IN_MANY, 200),
        (_IN_MOST, 500),
        (_EVERYWHERE, 1000),
    )
    for word in words.split()
}
"""Folded words, and in how many of a thousand documents they may stand."""
