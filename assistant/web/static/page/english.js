// The interface in English. Only the page's own words are in the list; questions, answers and reports stay Chinese.
const WORDS = {
  "政问": "Zhengwen",
  "政问 · 政府工作报告问答": "Zhengwen · Questions on government work reports",
  "向政府工作报告提问，得到的每个回答、每个数字都附有报告原文，可以当场核对。":
    "Ask the government work reports (in Chinese). Every answer and every figure comes with the passage it stands on.",
  "跳到提问框": "Skip to the question box",
  "新对话": "New conversation",
  "对话记录": "Conversations",
  "关怀版": "Large type",
  "深色": "Dark",
  "English": "中文",
  "问题": "Question",
  "请在这里写下您的问题": "Write your question in Chinese here",
  "提问": "Ask",
  "停止": "Stop",
  "怎么用": "How it works",
  "在上面写下问题，说清是哪个区、哪一年，然后点“提问”。": "Write a question above, naming the district and the year, and press Ask.",
  "看回答。红色的是数字，〔1〕是出处的编号。": "Read the answer. Figures are red, 〔1〕 is the number of its source.",
  "点一下编号，就能看到报告原文：引用的句子是浅黄色，数字是深黄色。":
    "Click the number to see the report's own words: the sentence in pale yellow, the figure in strong yellow.",
  "可以试着问：": "You could ask:",
  "接着可以问：": "Next you could ask:",
  "您是不是想问：": "Did you mean:",
  "资料里有，可以这样问：": "The library can answer:",
  "可以再问一次：": "Ask again:",
  "不是这个意思？": "Not what you meant?",
  "理解为：": "Taken as:",
  "换一个地方": "Another place",
  "换一个时间": "Another time",
  "换一项内容": "Another subject",
  "换成目标或完成情况": "Goal or result",
  "问": "Q",
  "预期目标": "Goal",
  "完成情况": "Result",
  "资料未收录": "Not in the library",
  "请补充说明": "Please say more",
  "原文摘录，未经大模型改写": "The report's own words; no language model was used",
  "本回复由程序根据已收录的报告自动生成": "Written automatically from the covered reports",
  "没有查到": "Not found",
  "相关原文（供参考，不是答案）": "Passages nearby (for reference, not an answer)",
  "原文": "verbatim",
  "这一句是报告原文": "This sentence is the report's own",
  "已核实": "Verified",
  "由引用数据计算": "Computed from cited figures",
  "地方": "Place",
  "时间": "Time",
  "项目": "Item",
  "报告所说": "The report says",
  "正在查找原文……": "Looking through the reports…",
  "正在组织语言……": "Putting it into words…",
  "所引原文": "Cited passages",
  "关闭": "Close",
  "看上下文": "Show context",
  "收起": "Fold",
  "上一段": "Paragraph before",
  "下一段": "Paragraph after",
  "阅读全文": "Read the report",
  "报告全文": "The whole report",
  "正在打开报告……": "Opening the report…",
  "打不开这份报告": "This report cannot be opened",
  "暂时打不开这份报告，请稍后再试。": "This report cannot be opened just now. Please try again later.",
  "目录": "Outline",
  "标出数据": "Mark the figures",
  "点一个数据，看它是什么、哪一年的、目标还是完成。": "Choose a figure to see what it is of, of which year, and whether a goal or a result.",
  "← 回到回答": "← Back to the answer",
  "↑ 回到回答": "↑ Back to the answer",
  "复制引用": "Copy citation",
  "已复制": "Copied",
  "没能复制，请手动选取": "Could not copy; please select it by hand",
  "“相关度”是查找时的得分，只用来排先后，越高越靠前。": "The score only orders what was found; higher comes first.",
  "已引用": "Cited",
  "只查到，没有引用": "Found, not cited",
  "这个回答有用吗？": "Was this answer useful?",
  "有用": "Useful",
  "有问题": "Something is wrong",
  "哪里不对？": "What is wrong?",
  "数据错": "Wrong figure",
  "引用错": "Wrong citation",
  "应拒答": "Should not have answered",
  "不完整": "Incomplete",
  "其他": "Other",
  "补充一句（可以不写）": "A line of your own (optional)",
  "提交": "Send",
  "取消": "Cancel",
  "谢谢，已经记下了。": "Thank you, noted.",
  "请先选一下哪里不对，再点“提交”。": "Please choose what is wrong first, then press Send.",
  "抱歉，没能记下来。请稍后再试；如果还是不行，请告诉管理员。": "Sorry, this could not be kept. Please try again later, or tell the administrator.",
  "先前的提问": "Earlier questions",
  "还没有收录任何报告。": "The library is empty.",
  "键盘：回车提问，Shift+回车换行，/ 回到提问框，←→ 在出处编号间移动，Esc 关闭。":
    "Keys: Enter asks, Shift+Enter starts a new line, / goes to the box, ←→ move between source numbers, Esc closes.",
  "评测回答质量": "Evaluate the answers",
  "对话只保存在这个浏览器里，不在服务器上。": "Conversations are kept in this browser only, not on the server.",
  "还没有对话。": "No conversations yet.",
  "导出当前对话：": "Export this conversation:",
  "全部删除": "Delete all",
  "真的全部删除": "Really delete all",
  "删除": "Delete",
  "真的删除": "Really delete",
  "改名": "Rename",
  "新的名字": "New name",
  "保存": "Save",
  "没能导出，请稍后再试。": "Could not export. Please try again later.",
  "上一个问题还在回答，这个排在后面：": "The question before is still being answered; this one is next:",
  "一次只能排一个，请等它答完。": "Only one can wait at a time.",
  "不问了": "Drop it",
  "上次的问题没有答完，已经放回框里，请再问一次。": "Your last question was not answered. It is back in the box; please ask again.",
  "连接断开，正在重试……您写的内容还在。": "Connection lost, trying again… What you wrote is kept.",
  "现在提问的人太多，请过一会儿再问。": "Too many people are asking just now. Please ask again in a moment.",
  "请先在上面写下问题，例如“松北区2025年GDP目标是多少”，再点“提问”。": "Please write a question above first, then press Ask.",
  "暂时读不到已收录的报告，请刷新页面再试；如果还是不行，请告诉管理员。": "The reports cannot be read just now. Please load the page again, or tell the administrator.",
  "抱歉，这个问题没能答出来。请再试一次；如果还是不行，请换一种问法，或告诉管理员。":
    "Sorry, this question could not be answered. Please try again, ask in another way, or tell the administrator.",
  "没有看懂这个问题。": "This question could not be understood.",
  "已按您的要求停止。": "Stopped as you asked.",
  "已按您的要求停止，以上是报告原文摘录。": "Stopped as you asked; the above is taken from the report.",
};
const PATTERNS = [
  [/^已收录的报告（(\d+)份）$/, "Reports in the library ($1)"],
  [/^查看所引原文（(\d+)条）$/, "Show the cited passages ($1)"],
  [/^看第(\d+)条所引原文$/, "Show cited passage $1"],
  [/^第(\d+)条所引原文$/, "Cited passage $1"],
  [/^(\d+)年报告$/, "$1 report"],
  [/^与〔(\d+)〕的原文一致$/, "as in 〔$1〕"],
  [/^已核实，见〔(\d+)〕$/, "Verified, see 〔$1〕"],
  [/^(\d+)个数据均已核实，逐个查看$/, "All $1 figures are verified; show each"],
  [/^正在读(\d+)段原文，写好一句核对一句……$/, "Reading passages ($1); each sentence is checked as it is written…"],
  [/^查找过程：查了(\d+)份报告，另有(\d+)段只查到、没有引用$/, "How it was found: reports searched: $1; passages found and not cited: $2"],
  [/^相关度 ([\d.-]+)$/, "score $1"],
  [/^改名：(.*)$/, "Rename: $1"],
  [/^删除：(.*)$/, "Delete: $1"],
  [/^问题太长了（(\d+)字）。$/, "The question is too long ($1 characters)."],
  [/^请把问题缩短到(\d+)字以内。$/, "Please use no more than $1 characters."],
  [/^AI生成（(.*?)），数字已与原文核对，请以所引原文为准；其中(\d+)句没有通过核对，已换成报告原文$/,
    "Written by AI ($1); figures are checked, the cited passages prevail; sentences that failed the check and were replaced by the report's own: $2"],
  [/^AI生成（(.*?)），数字已与原文核对，请以所引原文为准$/, "Written by AI ($1); figures are checked, the cited passages prevail"],
];
const ATTRIBUTES = ["aria-label", "title", "placeholder"];
const FOREIGN = ".zw-question, .zw-paragraph, .zw-near p, .zw-reader-text, .zw-found, .zw-open-one, textarea";
const own = new WeakMap(); // what each text was before it was put into English
let on = false;
let watching;

export function useEnglish(wanted) {
  if (wanted === on) return;
  on = wanted;
  document.documentElement.lang = on ? "en" : "zh-CN";
  watching ??= new MutationObserver((changes) => changes.forEach(onChange));
  if (on) watching.observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  else watching.disconnect();
  each(document.documentElement);
}

function onChange({ type, target, addedNodes, attributeName }) {
  if (type === "childList") addedNodes.forEach(each);
  else if (type === "characterData") put(target, "data");
  else put(target.getAttributeNode(attributeName), "value");
}

function each(root) {
  if (!root.isConnected) return;
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = nodes.currentNode; node; node = nodes.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) put(node, "data");
    else if (node.nodeType === Node.ELEMENT_NODE) for (const name of ATTRIBUTES) put(node.getAttributeNode(name), "value");
  }
}

function put(node, part) {
  if (!node || (part === "data" && node.parentElement?.closest(FOREIGN))) return;
  const known = own.get(node);
  if (on) {
    const chinese = node[part];
    const english = known?.english === chinese ? chinese : inEnglish(chinese);
    if (english === chinese) return;
    own.set(node, { chinese, english });
    node[part] = english;
  } else if (known && node[part] === known.english) {
    node[part] = known.chinese;
    own.delete(node);
  }
}

function inEnglish(text) {
  const words = text.trim();
  const [pattern, english] = PATTERNS.find(([pattern]) => pattern.test(words)) ?? [];
  const said = Object.hasOwn(WORDS, words) ? WORDS[words] : pattern ? words.replace(pattern, english) : words;
  return text.replace(words, () => said);
}
