"""Which script a character belongs to, and traditional Chinese characters as simplified ones."""

from __future__ import annotations

from pathlib import Path

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
CJK = HAN + KANA
"""Character classes for regular expressions: put them between square brackets."""

# Characters that differ and are common in questions; those with two simplified readings are left out.
_TRADITIONAL = (
    "萬與專業東絲兩嚴個豐臨為麗舉義烏樂喬習鄉書買亂爭虧雲亞產畝親億僅從倉儀們價眾優會傘偉傳傷倫偽體餘傭"
    "俠侶儉債傾僥儲兒黨蘭關興養獸內岡冊寫軍農馮沖決況凍淨涼減湊鳳憑凱擊鑿劃劉則剛創刪別劑劍劇勸辦務動勵勁"
    "勞勢勳勻匯區醫華協單賣盧衛廠廳歷壓厭廁廈縣參雙變敘疊葉號嘆嚇嗎啟吳員聽響問啞團園圍國圖圓聖場壞塊堅壇壩墳"
    "墜墊壘塵牆壯聲殼壺處備複夠頭誇夾奪奮獎婦媽嬌娛嬰孫學寧寶實審寵憲宮寬賓對尋導壽將爾嘗層屆屬嶼歲豈嶺島幣帥師"
    "帳簾幟帶幫莊慶廬庫應廟廢廣開異棄張彌彎彈強當錄彥徹徵憶憂懷態慫憐總戀惡惱懸驚慣憤願戲戰戶撲執擴掃揚擾撫拋"
    "搶護報擔擬攏揀擁攔擇掛摯撓擋掙擠揮撈損換搗據擄摑擲撣摻攬攙擱摟攪攜攝擺搖攤撐敵數齋斷無舊時曠晝顯晉曬曉暈暫術樸機殺"
    "雜權條來楊極構樞棗槍楓櫃檸標棧棟欄樹樣橋檔夢檢樓歐歡歟殘殲毀畢氣漢湯溝沒滬滄淚潑澤潔灑窪濁測濟渾濃濤澀淵漬漸漁溫"
    "灣濕滿濾濫濱灘瀏滅燈靈災爐點煉爛燭煙煩燒熱煥愛爺牽犧狀猶獨獅獄獵貓獻現環瑪電畫暢疇療瘋瘡癢皺盞鹽監蓋盤睜瞭"
    "矯礦碼磚礎碩確禮禍離禿種積稱穩窮竊競筆筍篩築簽簡籃籌類糞糧緊紀約紅紋納紐純紗紙級紛紡細紹終組結絕給絡統絹繼續維綠網"
    "綜緒綿綱綴線練緩編緣縫縮績繩繪繳罰罷羅職聯聰腸膚腎腫脹膽勝腦腳脫臉藝節蘇蘋範莖薦藥萊蓮獲瑩營蕭薩蝦螞蟲蠟補襯襲"
    "裝褲見觀規視覽覺觸譽計訂認譏討讓訓議訊記講許論設訪證評識詐訴診詞試詩詢該詳語誤說請諸課誰調談謀謊諧謝謠謙譜譯讀貝負財"
    "責敗貨質販貧購貯貫貴貸費賀資賴賦賞賠賢賬賭贈贊贏趙趕趨躍踐車軌軒轉輪軟轟輕載較輔輛輩輝輯輸轄邊遼達遷過邁運還這進遠違"
    "連遲適選遺郵鄰鄭釋針釣鈔鋼鑰欽鉤銀銅銘銷鎖鋪錯錢錦鍵鍋鍛鎮鏡鐘鐵長門閃閉閑間悶鬧聞閱隊陽陰陣階際陸陳險隨隱難雖霧靜"
    "頂項順須頑顧頓頒預領頗頻題額顏顛風飛飯飲飾飽飼餓餅館饅馬駕駛驗騎騙騰魚魯鮮鳥鴨鷄鵝鹹麥黃齊齒龍龜後裡麼臺賺鬥"
    "發髮話經潤復製係彙盡儘於週麵韓鏈幾誕償遊淺卻顆曆証鑒偵側塗噴噸捲厲喪閒衝爲裏鑽誌佈佔傑訣詠謎駱雞餵嘮"
)
_SIMPLIFIED = (
    "万与专业东丝两严个丰临为丽举义乌乐乔习乡书买乱争亏云亚产亩亲亿仅从仓仪们价众优会伞伟传伤伦伪体余佣"
    "侠侣俭债倾侥储儿党兰关兴养兽内冈册写军农冯冲决况冻净凉减凑凤凭凯击凿划刘则刚创删别剂剑剧劝办务动励劲"
    "劳势勋匀汇区医华协单卖卢卫厂厅历压厌厕厦县参双变叙叠叶号叹吓吗启吴员听响问哑团园围国图圆圣场坏块坚坛坝坟"
    "坠垫垒尘墙壮声壳壶处备复够头夸夹夺奋奖妇妈娇娱婴孙学宁宝实审宠宪宫宽宾对寻导寿将尔尝层届属屿岁岂岭岛币帅师"
    "帐帘帜带帮庄庆庐库应庙废广开异弃张弥弯弹强当录彦彻征忆忧怀态怂怜总恋恶恼悬惊惯愤愿戏战户扑执扩扫扬扰抚抛"
    "抢护报担拟拢拣拥拦择挂挚挠挡挣挤挥捞损换捣据掳掴掷掸掺揽搀搁搂搅携摄摆摇摊撑敌数斋断无旧时旷昼显晋晒晓晕暂术朴机杀"
    "杂权条来杨极构枢枣枪枫柜柠标栈栋栏树样桥档梦检楼欧欢欤残歼毁毕气汉汤沟没沪沧泪泼泽洁洒洼浊测济浑浓涛涩渊渍渐渔温"
    "湾湿满滤滥滨滩浏灭灯灵灾炉点炼烂烛烟烦烧热焕爱爷牵牺状犹独狮狱猎猫献现环玛电画畅畴疗疯疮痒皱盏盐监盖盘睁了"
    "矫矿码砖础硕确礼祸离秃种积称稳穷窃竞笔笋筛筑签简篮筹类粪粮紧纪约红纹纳纽纯纱纸级纷纺细绍终组结绝给络统绢继续维绿网"
    "综绪绵纲缀线练缓编缘缝缩绩绳绘缴罚罢罗职联聪肠肤肾肿胀胆胜脑脚脱脸艺节苏苹范茎荐药莱莲获莹营萧萨虾蚂虫蜡补衬袭"
    "装裤见观规视览觉触誉计订认讥讨让训议讯记讲许论设访证评识诈诉诊词试诗询该详语误说请诸课谁调谈谋谎谐谢谣谦谱译读贝负财"
    "责败货质贩贫购贮贯贵贷费贺资赖赋赏赔贤账赌赠赞赢赵赶趋跃践车轨轩转轮软轰轻载较辅辆辈辉辑输辖边辽达迁过迈运还这进远违"
    "连迟适选遗邮邻郑释针钓钞钢钥钦钩银铜铭销锁铺错钱锦键锅锻镇镜钟铁长门闪闭闲间闷闹闻阅队阳阴阵阶际陆陈险随隐难虽雾静"
    "顶项顺须顽顾顿颁预领颇频题额颜颠风飞饭饮饰饱饲饿饼馆馒马驾驶验骑骗腾鱼鲁鲜鸟鸭鸡鹅咸麦黄齐齿龙龟后里么台赚斗"
    "发发话经润复制系汇尽尽于周面韩链几诞偿游浅却颗历证鉴侦侧涂喷吨卷厉丧闲冲为里钻志布占杰诀咏谜骆鸡喂唠"
)


def _rare_characters() -> dict[int, str]:
    lines = (Path(__file__).parent / "data" / "traditional.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    return dict(zip(map(ord, "".join(rows[::2])), "".join(rows[1::2]), strict=True))


_FOLD = _rare_characters() | dict(zip(map(ord, _TRADITIONAL), _SIMPLIFIED, strict=True))
# Simplified characters that are also traditional ones with another meaning: 皇后, 里程, 表面, 卷曲.
_SHARED = frozenset("台里后面才云余系周志布占几制准向回困松板征范咸刮卷御斗")
_SIMPLIFIED_ONLY = frozenset(_SIMPLIFIED) - _SHARED


def simplified(text: str) -> str:
    """``text`` with common traditional characters written as simplified ones, one for one."""
    return text.translate(_FOLD)


def is_traditional(text: str) -> bool:
    """Whether ``text`` is written in traditional Chinese characters: more of them than of simplified ones.

    Characters that both scripts use do not count; text without Chinese characters is not traditional.
    """
    traditional = sum(ord(character) in _FOLD for character in text)
    return traditional > sum(character in _SIMPLIFIED_ONLY for character in text)
