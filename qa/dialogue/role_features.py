"""What tells an agent from a customer: phrases, and how much each says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoleFeature:
    """Something one role says more than the other."""

    id: str
    weight: float
    """Natural log-odds for the agent each time it is heard; negative: for the customer."""
    most: int
    """How often it counts."""
    ja: str
    """Phrases, one a line or with | between."""
    en: str


ROLE_FEATURES = (
    RoleFeature(
        "thanks-for-calling",
        3.0,
        1,
        "お電話ありがとうございます|お電話いただきありがとうございます|お問い合わせありがとうございます|ご連絡ありがとうございます|ご利用ありがとうございます",
        "thank you for calling|thanks for calling|thank you for contacting",
    ),
    RoleFeature(
        "offers-help",
        3.0,
        1,
        "どのようなご用件|いかがなさいましたか|どうなさいましたか|ご用件をお伺い|ご用件を承り|他にお困り|ほかにご不明|他にご質問|他に何か",
        """
        how can i help|how may i help|what can i do for you|how can i assist|how may i assist
        anything else i can|is there anything else|anything else i could
        """,
    ),
    RoleFeature(
        "names-the-desk",
        2.0,
        1,
        "サポートデスク|サポートセンター|サポートの|お客様センター|カスタマー|コールセンター|お客様相談|窓口の|担当の",
        "customer care|customer service|customer support|support desk|help desk",
    ),
    RoleFeature(
        "humble-copula",
        0.8,
        3,
        "でございます",
        "speaking",
    ),
    RoleFeature(
        "accepts",
        1.5,
        2,
        "かしこまりました|承りました|が承ります|承知いたしました",
        """
        i'd be happy to|i would be happy to|i'll be happy to|i'd be glad to|certainly sir
        certainly ma'am|absolutely i can
        """,
    ),
    RoleFeature(
        "makes-wait",
        1.5,
        2,
        "お待ちください|お待ちいただけ|お待ちいただいて|お待たせいたしました|お待たせしました|お待たせ致し",
        """
        please hold|put you on|bear with me|thank you for holding|thanks for holding
        thank you for your patience|thank you for waiting
        """,
    ),
    RoleFeature(
        "checks",
        1.5,
        2,
        "確認いたします|確認させていただ|お調べいたし|お調べします|お調べし|手配いたし|手続きいたし",
        """
        let me check|let me look|let me pull|let me see what|i'll look into|i will look into
        i can see here|pull up your
        """,
    ),
    RoleFeature(
        "customer-word",
        1.5,
        2,
        "お客様",
        "valued customer|as a customer",
    ),
    RoleFeature(
        "our-company",
        1.2,
        2,
        "弊社|当社|わたくしども|手前ども",
        """
        our system|our records|our policy|our team|we can offer|i can offer|our warehouse
        our technician
        """,
    ),
    RoleFeature(
        "asks-for-details",
        1.2,
        3,
        "いただけますか|いただけますでしょうか|お願いいたします|お願い致します|でいらっしゃいますか|よろしいでしょうか|いかがでしょうか|お聞かせ",
        """
        may i have your|can i have your|could i have your|can i get your|could i get your
        may i get your|may i ask|can you confirm|could you confirm|can you verify|what's your name
        and your name|your phone number|your order number|your account number
        """,
    ),
    RoleFeature(
        "honours-their-things",
        0.6,
        3,
        "ご住所|ご契約|ご注文|お名前|ご不便|ご迷惑|ご心配|ご連絡先|ご本人|ご登録",
        """
        your account|your order|your policy|your address|your parcel|your bill|your booking
        your patience|your vehicle
        """,
    ),
    RoleFeature(
        "apologises-formally",
        1.0,
        2,
        "申し訳ございません|お詫びいたします|お詫び申し上げ|恐れ入りますが|おそれいります",
        """
        i apologize|i apologise|we apologize|we apologise|sorry for the inconvenience
        sorry about the inconvenience|sorry to hear
        """,
    ),
    RoleFeature(
        "closes",
        1.5,
        1,
        "ご利用くださいませ|またのご利用|失礼いたします|お電話いたします|お電話差し上げ|ご連絡いたします",
        """
        have a great|have a nice|have a good|have a wonderful|i'll call you|we'll call you
        i will call you
        """,
    ),
    RoleFeature(
        "takes-it-on",
        1.2,
        2,
        "責任を持って|責任をもって|私が確認|私の方で|私のほうで|お送りいたします|お伺いいたします|ご案内いたします|ご用意いたします|承っております|担当いたします",
        """
        leave it with me|leave this with me|leave that with me|sort this out|sort that out|i'll take care of
        i will take care of|i'll see to it|i'll arrange|i'll make sure|we'll send|we can send|we can offer
        what we can do|what i can do|i've booked|i'll book|i'll put you through
        """,
    ),
    RoleFeature(
        "feels-with-them",
        1.0,
        2,
        "ご心配でした|ご心配です|ご不安|お困りでした|お困りですよね|お気持ち|お辛い|お怒りは",
        """
        that must be|that must have been|must be frustrating|i can imagine|i understand how
        i completely understand|i can see why|you must have been
        """,
    ),
    RoleFeature(
        "thanks-for-patience",
        1.5,
        1,
        "お時間をいただき|お時間いただき|お待ちいただきありがとう|お話しいただきありがとう|お話しくださりありがとう|ご指摘ありがとう",
        """
        thank you for being|thank you for bearing|thank you for telling us|thank you for letting us know
        thank you for your time|thank you for taking the time|thanks for letting us know|thanks for your time
        """,
    ),
    RoleFeature(
        "complains",
        -1.5,
        2,
        "クレーム|納得できない|納得いかない|納得がいきません|ひどいですよ|どういうことですか|話を聞いて|最後まで聞いて|まだ話して",
        """
        i'd like to complain|i want to complain|make a complaint|like to report|i'm not happy|i'm so upset
        i'm really upset|nobody came|nobody told me|i was told|let me finish|i was still talking
        you're not listening|need to talk to me like that|i took the day off|i give up
        """,
    ),
    RoleFeature(
        "tells-trouble",
        -1.0,
        3,
        """
        つながらない|届かない|届いてな|届いていな|動かない|使えない|できないん|できなくて|壊れ|困って|切れて|切れるん|おかしい|おかしくない|わからなく|いつまで待つ|待たされて|引き落とされて
        間違って
        """,
        """
        hasn't arrived|not working|isn't working|doesn't work|stopped working|never arrived
        never came|still waiting|been waiting|it's broken|was charged|wrong item|keeps dropping
        turned up|no one called|nobody called
        """,
    ),
    RoleFeature(
        "wants",
        -1.5,
        2,
        """
        したいんですけど|したいんですが|したいのですが|したいと思って|してほしい|してもらえ|してもらいたい|お聞きしたい|伺いたい|教えてほしい|教えてください|解約したい|解約します
        返金して
        """,
        """
        i want to|i want a|i want my|i'd like to cancel|i would like to cancel|i need a refund
        i need to|cancel my|can you help me|i'd like a refund|i wanted to
        """,
    ),
    RoleFeature(
        "calls-about",
        -2.0,
        1,
        "電話したんですけど|電話したんですが|お電話したんですが|お電話したのですが|の件で電話|の件でお電話|問い合わせたい|お尋ねしたい",
        """
        i'm calling about|i'm calling because|i am calling about|i'm calling to|i was calling
        i'm phoning|i called about|i've called before|i called last|i called yesterday
        """,
    ),
    RoleFeature(
        "own-things",
        -1.0,
        3,
        "注文した|買った|購入した|申し込んだ|うちの|私の|契約している|家で|娘の|息子の|主人が",
        """
        my order|my account|my bill|my internet|my policy|my car|my parcel|my package|my daughter
        my son|my husband|my wife|my phone|i ordered|i bought|i paid|i signed up
        """,
    ),
    RoleFeature(
        "explains",
        -0.4,
        4,
        "んですけど|んですけれど|んですが|んですよ|なんです",
        "you guys|you people|you told me|they told me",
    ),
    RoleFeature(
        "demands-superior",
        -1.5,
        1,
        "上の人|上の方|責任者を|社長を|上司を|店長を|もういいです|もう結構です",
        """
        your manager|your supervisor|speak to a manager|speak to someone else|a supervisor
        """,
    ),
    RoleFeature(
        "accepts-help",
        -0.7,
        2,
        "助かります|助かりました|よろしくお願いします|それでお願いします|安心しました",
        """
        that works for me|that would be great|that's a relief|thank you so much|thanks so much
        thanks for your help|thank you for your help
        """,
    ),
)
"""Weights are rounded log ratios of how often each is heard from either side in support calls, kept low where
phrases tend to come together. They were set by reading scripts, not fitted; the evaluation checks them."""
