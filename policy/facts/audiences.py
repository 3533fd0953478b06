"""For whom a clause is: people and organisations it names, as written."""

from __future__ import annotations

import re

_DISABLED = (
    r"(?:就业年龄段)?(?:未就业|有就业(?:服务)?需求的|有就业愿望和培训需求的|就业困难的|自主创业|灵活就业|农村困难|农村|城镇|城乡|"
    r"重度|困难|贫困|低收入|视力|听力|言语|肢体|智力|精神|多重|青年|老年|大龄|从事农业生产劳动的农村|自主择业、自主创业的)?"
    r"(?:残疾人|残疾)(?:大学生|高校毕业生|毕业生|低保家庭|家庭成员|家庭|妇女|儿童|青年|学生|职工|劳动者|创业者|"
    r"运动员|军人|老年人)"
)
_PLAIN = (
    r"(?:就业年龄段)?(?:未就业|自主创业|灵活就业|农村困难|农村|城镇|城乡|重度|困难|贫困|低收入|视力|听力|言语|肢体|智力|精神|"
    r"多重|大龄)?残疾人(?!联合会|工作委员会|事业|组织|就业保障金|保障金|体育|专门协会|证)"
)
_PEOPLE = (
    "盲人按摩人员 盲人医疗按摩人员 盲人从业人员 盲人 聋人 聋哑人 失业人员 下岗失业人员 "
    "就业困难人员 零就业家庭成员 零就业家庭 低保家庭 "
    "低保对象 特困人员 低收入家庭 最低生活保障家庭 高校毕业生 大学生 失业青年 青年 妇女 "
    "农民工 脱贫人口 脱贫劳动力 退役军人 老年人 "
    "未成年人 儿童 孤儿 学生 创业者 个体工商户 参保职工 职工 劳动者 农民 科研人员 家庭成员 "
    "监护人 持证人 "
    "用人单位 机关、事业单位 机关事业单位 党政机关 国有企业 民营企业 小微企业 中小企业 "
    "困难企业 参保企业 科技型企业 龙头企业 "
    "农民专业合作社 家庭农场 企业 事业单位 社会组织 培训机构 职业院校 高校 盲人按摩机构 "
    "辅助性就业机构 托养机构 康复机构 "
    "劳务派遣机构 人力资源服务机构"
).split()
_AUDIENCE = re.compile(
    "|".join((_DISABLED, *sorted(map(re.escape, _PEOPLE), key=len, reverse=True), _PLAIN))
)


def audiences(text: str) -> tuple[str, ...]:
    """Groups as written, each once, in the order they first stand."""
    return tuple(dict.fromkeys(m[0] for m in _AUDIENCE.finditer(text)))
