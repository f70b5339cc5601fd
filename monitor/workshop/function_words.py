"""English words that say how a sentence is built, not what it is about: a closed list of its own.

Where they stand alone, log-likelihood does away with them: they are as frequent with a topic's hits as
elsewhere. Beside a word that tells they are not: `in havana` stands with the hits as `havana` does, and says
no more.
"""

_WORDS = """
    about above across after again against ago all almost along already also although always am among an
    and another any anyone anything are aren around as at away be because been before began behind being
    below between both but by can cannot come comes could couldn did didn do does doesn doing don done
    down during each either else even ever every everyone everything few for from further gave get gets
    getting give go goes going gone got had has hasn have haven having he her here hers herself him
    himself his how however if in including inside instead into is isn it its itself just least less let
    like ll made make makes making many may maybe me meanwhile might more most much must my myself near
    nearly neither never no nobody non none nor not nothing now of off often on once one only onto or
    other others our ours ourselves out outside over own per perhaps quite rather re said same say
    saying says seem seems several shall she should shouldn since so some someone something soon still
    such take taken takes taking than that the their theirs them themselves then there therefore these
    they this those though through thus till to today together tomorrow too took toward towards under
    until up upon ve very via was wasn we well went were weren what whatever when where whether which
    while who whole whom whose why will with within without would wouldn yes yesterday yet you your
    yours yourself
"""
FUNCTION_WORDS = frozenset(_WORDS.split())
