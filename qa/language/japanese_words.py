"""Word lists for Japanese. Written as people write them; compared by squeezed reading."""

from __future__ import annotations

from qa.language.lists import words

BACKCHANNELS = words("""
はい ええ うん ん ああ あ え おお ほう はあ へえ ふん ふーん うーん
そう そうそう そうか そっか そうね そうだね そうだよね そうなんだ そうなの
そうです そうですね そうですか そうですよね そうですよ そうですねえ
そうなんです そうなんですね そうなんですか そうなんですよ そうなんですよね そうなのですね
そうでした そうでしたか そうでしたね そうだったんですね そうだったんですか そうだったのですね そうでしょうね
そうでございますか そうでございますね そうでございましたか
さよう さようです さようですか さようですね さようでしたか
さようでございます さようでございますか さようでございますね さようでございましたか さようでございましたね
なるほど なるほどね なるほどですね なるほどなるほど たしかに たしかにそうですね
ほんと ほんとう ほんとに ほんとうに ほんとですか ほんとうですか ほんとうですね
ですね ですよね ですか でしたか でしたね でしょうね ですよ
わかります わかりました わかりましたはい
おっしゃるとおりです おっしゃるとおりでございます おっしゃるとおり そのとおりです
ごもっともです ごもっともでございます もちろんです もちろんでございます
いえいえ いえいえいえ
承知しました 承知いたしました 承知です かしこまりました 了解です 了解しました 了解いたしました
うけたまわりました オーケー オーケーです
あら あらら あらあら あらまあ おや おやおや おやまあ ほほう ふむ ふむふむ うむ へー ほー うわ うわあ わあ えっ
なんと まさか まさに それはそれは それはまた それはもう いかにも
そうでいらっしゃいますか そうでいらっしゃいましたか さようでいらっしゃいますか
さようでいらっしゃいましたか そうでございましょうね さようでございましょうね
""")
"""Listening noises, and acknowledgements (承知しました): alone and short these serve as あいづち, so they are
listed; whether one *is* a backchannel is decided with its timing, in dialogue."""

LAUGHTER = r"(?:あ|え|い|う)?(?:は|へ|ふ|ひ){2,}[っー]?|笑+"
"""Matched on kana as written, not on readings: 母 reads ハハ."""

FILLERS = words("""
えっと えーと えと ええと えっとー えっとですね えーっとですね ええとですね
あの あのー あのう あのね あのですね その そのー そのう そのですね このー
まあ まー なんか なんかこう なんていうか なんというか なんですか こう うーんと んーと んと
え えー あ あー ん んー うーん
""")

COMPLETE_WORDS = frozenset(
    words("大丈夫 結構 けっこう 無理 駄目 だめ 可能 どうも どうぞ よろしく 宜しく お願い OK オーケー")
)
"""Words that are an utterance by themselves although their part of speech is not one to end on."""

YIELDING_PARTICLES = frozenset(words("けど けれど けれども けども が から ので し のに"))
"""Clause-final particles on which Japanese speakers hand over the floor."""

QUESTION_WORDS = words(
    "何 なに なん いつ どこ 何処 誰 だれ どなた どちら どっち どれ どの どんな どう いかが なぜ いくつ いくら"
)
