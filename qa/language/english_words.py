"""Word lists for English, normalised: lower case, apostrophes kept, no other punctuation."""

from __future__ import annotations

from qa.language.lists import lines, words

BACKCHANNELS = lines(
    """
    mm
    mmm
    mm hm
    mm hmm
    mhm
    mmhm
    mmhmm
    hm
    hmm
    uh huh
    huh
    ah
    aha
    oh
    ooh
    ha
    haha
    ha ha
    yeah
    yea
    yah
    yes
    yep
    yup
    ya
    right
    okay
    ok
    okey doke
    k
    sure
    sure thing
    i see
    i understand
    i know
    i get it
    i hear you
    got it
    gotcha
    i got it
    i got you
    understood
    of course
    absolutely
    definitely
    certainly
    exactly
    indeed
    totally
    true
    that's true
    that's right
    that's correct
    that's fine
    that makes sense
    makes sense
    correct
    really
    is that right
    is that so
    you're right
    fair enough
    alright
    all right
    alrighty
    right right
    good
    great
    perfect
    excellent
    wonderful
    lovely
    nice
    cool
    fine
    very good
    wow
    oh no
    oh dear
    oh my
    oh my gosh
    oh gosh
    oh wow
    gosh
    goodness
    my goodness
    oh my goodness
    oh goodness
    goodness me
    my word
    dear me
    oh dear me
    dear oh dear
    heavens
    good heavens
    blimey
    crikey
    ouch
    oof
    aw
    aww
    uh oh
    whoa
    oh man
    oh boy
    jeez
    yikes
    i'm with you
    with you
    i follow
    i follow you
    following you
    i'm following
    i'm listening
    go on
    please go on
    do go on
    quite
    quite so
    quite right
    too right
    noted
    duly noted
    clear
    agreed
    naturally
    precisely
    no way
    you don't say
    never
    i bet
    no problem
    no worries
    """
)
"""Listening noises and short acknowledgements; combinations count too ("okay, I see", "right, right")."""

FILLERS = lines(
    """
    um
    umm
    uh
    uhh
    er
    erm
    ah
    eh
    hm
    hmm
    mm
    well
    like
    you know
    i mean
    sort of
    kind of
    let's see
    """
)

HARD_STOPS = frozenset(
    words(
        """
    the a an my your his her its our their this these every and or but because if when while although
    though unless until whether since that's i'm we're they're you're he's she's i've we've they've i'd
    i'll we'll you'll they'll of than who's um uh er erm
    """
    )
)
"""Nobody finishes on these, whatever punctuation the recogniser put after them."""

SOFT_STOPS = frozenset(
    words(
        """
    to from with at by into onto for in on as is are was were be been am has have had can could will
    would shall should may might must do does did don't doesn't didn't can't couldn't won't wouldn't
    i we he she they which who what where how why very really just also some any like
    """
    )
)
"""Rarely the end; believed unless the recogniser ended the sentence there."""

WH = frozenset(words("what what's whats which who who's whose when when's where where's why how how's"))
AUXILIARIES = frozenset(
    words(
        """
    do does did is are was were am can could would will shall should may might must have has had
    don't doesn't didn't isn't aren't wasn't weren't can't couldn't wouldn't won't shouldn't haven't hasn't
    """
    )
)
SUBJECTS = frozenset(
    words(
        """
    i you he she it we they this that these those there the a an my your his her our their any anyone
    anybody anything someone everything
    """
    )
)
LEADS = frozenset(
    words(
        """
    and so but okay ok well right alright now um uh er erm oh yes yeah sure then sorry also great perfect
    thanks sir ma'am madam just actually please
    """
    )
)
"""What may stand before a question in the same sentence."""

CONTRACTIONS = {
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "lemme": "let me",
    "dunno": "don't know",
    "alright": "all right",
    "cannot": "can't",
    "okay": "ok",
    "okey": "ok",
}
"""Spellings of one sound made alike in readings."""
