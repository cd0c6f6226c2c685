"""What is answered on the spot in the demo: thirteen contacts that need no case."""

from __future__ import annotations

from relief.demo.desk.matters import Contact, contact

ANSWERED: tuple[Contact, ...] = (
    contact("01-11", "call", 50, "春节期间加班工资怎么算", answer="法定节日三倍，休息日两倍"),
    contact("01-19", "call", 0, "试用期可以不签合同吗", answer="不可以，用工即应订立劳动合同"),
    contact("02-18", "visit", 51, "下岗证在哪里办", answer="到户籍所在地劳动保障所办理"),
    contact("02-24", "call", 52, "工会会员有哪些优待", answer="告知会员优待项目和办理方法"),
    contact(
        "03-09", "call", 53, "困难职工档案怎么申请", answer="由基层工会受理，带身份证和收入证明"
    ),
    contact("03-22", "visit", 54, "女职工产假多少天", answer="九十天，难产和多胎另加十五天"),
    contact("04-06", "call", 55, "企业改制后工龄怎么算", answer="连续计算，并入经济补偿"),
    contact("04-20", "call", 56, "失业金可以领几个月", answer="按缴费年限，最长二十四个月"),
    contact("04-26", "visit", 57, "劳模津贴停发了问原因", answer="与单位核对后补发，已当面说明"),
    contact(
        "05-11",
        "call",
        58,
        "五一期间上班给不给三倍工资",
        answer="五月一日至三日为法定节日，应付三倍",
    ),
    contact("05-19", "call", 0, "老板扣身份证怎么办", answer="违法，可向公安和劳动监察投诉"),
    contact("05-25", "call", 59, "医保卡丢了怎么补", answer="到医保中心挂失补办"),
    contact("06-09", "call", 61, "高温津贴什么时候开始发", answer="六月至九月，按岗位发放"),
)
