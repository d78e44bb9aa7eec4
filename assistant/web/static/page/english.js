// The interface in English. Only the page's own words are in the list; questions, answers and reports stay Chinese.
const WORDS = {
  "政问": "Zhengwen",
  "政问 · 政府工作报告问答": "Zhengwen · Questions on government work reports",
  "跳到提问框": "Skip to the question box",
  "☰ 菜单": "☰ Menu",
  "＋ 新对话": "＋ New conversation",
  "新对话": "New conversation",
  "页面": "Pages",
  "对话": "Chat",
  "指标": "Indicators",
  "资料库": "Library",
  "查找对话": "Find a conversation",
  "提过的问题会列在这里，只保存在这个浏览器里。": "What you have asked is listed here. It is kept in this browser only.",
  "没有找到这样的对话。": "No such conversation.",
  "今天": "Today",
  "昨天": "Yesterday",
  "改名": "Rename",
  "新的名字": "New name",
  "保存": "Save",
  "导出Word": "Export to Word",
  "导出Markdown": "Export to Markdown",
  "删除": "Delete",
  "确认删除": "Really delete",
  "全部删除": "Delete all",
  "确认全部删除": "Really delete all",
  "已删除。": "Deleted.",
  "已全部删除。": "All deleted.",
  "已导出。": "Exported.",
  "没能导出，请稍后再试。": "Could not export. Please try again later.",
  "关怀版": "Large type",
  "深色": "Dark",
  "English": "中文",
  "评测回答质量": "Evaluate the answers",
  "想从政府工作报告里了解什么？": "What would you like to know from the government work reports?",
  "还没有收录任何报告。": "The library is empty.",
  "看收录了哪些": "See what is covered",
  "可以这样问": "You could ask",
  "一个数字": "One figure",
  "比较": "A comparison",
  "列出来": "A list",
  "概括": "A summary",
  "为什么、怎么办": "Why and how",
  "是不是": "Yes or no",
  "各地各年的指标将在这里列成表。现在可以在对话里直接比较，例如“各区GDP目标分别是多少”。":
    "The indicators of all places and years will be listed here. Meanwhile you can compare them in the chat.",
  "输入地名或年份查找": "Find by place or year",
  "查找报告": "Find a report",
  "正在读取……": "Loading…",
  "暂时读不到已收录的报告，请稍后再试。": "The reports cannot be read just now. Please try again later.",
  "没有找到这样的报告。": "No such report.",
  "可以问什么": "What to ask",
  "问题": "Question",
  "写下您的问题": "Write your question in Chinese here",
  "提问": "Ask",
  "停止": "Stop",
  "回答只依据已收录的报告；数字取自原文，算出来的写明算式。": "Answers rest on the reports in the library alone; every figure is checked against its passage.",
  "↓ 回到最新": "↓ Back to the newest",
  "正在修改上一个问题，提问后替换原来的回答。": "You are changing your last question; its answer will be replaced.",
  "上一个问题还在回答，接着回答：": "The question before is still being answered; this one is next:",
  "一次只能排一个，请等它答完。": "Only one can wait at a time.",
  "已有一个问题在排队。": "One question is waiting already.",
  "取消排队": "Do not ask it",
  "上次的问题没有答完，已经放回框里，请再问一次。": "Your last question was not answered. It is back in the box; please ask again.",
  "没有连上服务，问题已放回框里，请再试一次。": "The service could not be reached. Your question is back in the box; please try again.",
  "已停止。": "Stopped.",
  "连接断开，正在重试……您写的内容还在。": "Connection lost, trying again… What you wrote is kept.",
  "现在提问的人较多，请过一会儿再问。": "Many people are asking just now. Please ask again in a moment.",
  "服务出了问题，没有答出来。请再试一次；如果还是不行，请告诉管理员。":
    "The service is in trouble and has not answered. Please try again, or tell the administrator.",
  "暂时读不到已收录的报告，请刷新页面再试；如果还是不行，请告诉管理员。": "The reports cannot be read just now. Please load the page again, or tell the administrator.",
  "抱歉，这个问题没能答出来。请再试一次；如果还是不行，请换一种问法，或告诉管理员。":
    "Sorry, this question could not be answered. Please try again, ask in another way, or tell the administrator.",
  "没有看懂这个问题。": "This question could not be understood.",
  "请用文字提问，例如：松北区2025年GDP目标是多少": "Please ask in words.",
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
  "问：": "Q:",
  "资料未收录": "Not in the library",
  "没有查到": "Not found",
  "请补充说明": "Please say more",
  "原文摘录，未经大模型改写": "The report's own words; no language model was used",
  "本回复由程序根据已收录的报告自动生成": "Written automatically from the covered reports",
  "原文": "verbatim",
  "这一句是报告原文": "This sentence is the report's own",
  "数字已与原文核对": "The figure is checked against its passage",
  "由引用数据计算": "Computed from cited figures",
  "已按您的要求停止。": "Stopped as you asked.",
  "已按您的要求停止，以上是报告原文摘录。": "Stopped as you asked; the above is taken from the report.",
  "地区": "Place",
  "时间": "Time",
  "项目": "Item",
  "报告表述": "The report says",
  "正在查找原文……": "Looking through the reports…",
  "正在组织语言……": "Putting it into words…",
  "复制回答": "Copy the answer",
  "重新回答": "Answer again",
  "修改问题": "Change the question",
  "复制链接": "Copy link",
  "打印": "Print",
  "链接已复制": "Link copied",
  "链接已复制。": "Link copied.",
  "已复制": "Copied",
  "已复制。": "Copied.",
  "没能复制，请手动选取": "Could not copy; please select it by hand",
  "没能复制，请手动选取。": "Could not copy; please select it by hand.",
  "引用的原文": "Cited passages",
  "回答引用的原文会显示在这里。": "The passages that an answer stands on are shown here.",
  "相关原文（供参考，不是答案）": "Passages nearby (for reference, not an answer)",
  "关闭": "Close",
  "看上下文": "Show context",
  "收起": "Fold",
  "上一段": "Paragraph before",
  "下一段": "Paragraph after",
  "阅读全文": "Read the report",
  "复制引文": "Copy the citation",
  "↑ 回到回答": "↑ Back to the answer",
  "“相关度”是查找时的得分，只用来排先后，越高越靠前。": "The score only orders what was found; higher comes first.",
  "已引用": "Cited",
  "未引用": "Not cited",
  "报告全文": "The whole report",
  "正在打开报告……": "Opening the report…",
  "打不开这份报告": "This report cannot be opened",
  "暂时打不开这份报告，请稍后再试。": "This report cannot be opened just now. Please try again later.",
  "目录": "Outline",
  "标出数据": "Mark the figures",
  "点一个数据，看它是什么、哪一年的、目标还是完成。": "Choose a figure to see what it is of, of which year, and whether a goal or a result.",
  "← 回到回答": "← Back to the answer",
  "这个回答有用吗？": "Was this answer useful?",
  "有用": "Useful",
  "有问题": "Something is wrong",
  "哪里不对？": "What is wrong?",
  "数据有误": "Wrong figure",
  "引用有误": "Wrong citation",
  "不该回答": "Should not have answered",
  "不完整": "Incomplete",
  "其他": "Other",
  "补充一句（可以不写）": "A line of your own (optional)",
  "提交": "Send",
  "取消": "Cancel",
  "谢谢，已经记下了。": "Thank you, noted.",
  "请先选一下哪里不对，再点“提交”。": "Please choose what is wrong first, then press Send.",
  "抱歉，没能记下来。请稍后再试；如果还是不行，请告诉管理员。": "Sorry, this could not be kept. Please try again later, or tell the administrator.",
};
const SCORE = "The score only orders what was found; higher comes first.";
const PATTERNS = [
  [/^已收录.*?(\d+)个地方的(\d+)份政府工作报告，都是公开发布的原文。$/, "Reports in the library: $2, of places: $1, all in their published words."],
  [/^共(\d+)份报告$/, "Reports: $1"],
  [/^(\d+)年$/, "$1"],
  [/^(\d+)年(\d+)月(\d+)日$/, "$1-$2-$3"],
  [/^更多：(.*)$/, "More: $1"],
  [/^查看原文（(\d+)条）$/, "Show the cited passages ($1)"],
  [/^看第(\d+)条引用的原文$/, "Show cited passage $1"],
  [/^第(\d+)条引用的原文$/, "Cited passage $1"],
  [/^与〔(\d+)〕的原文一致$/, "as in 〔$1〕"],
  [/^已与〔(\d+)〕的原文核对$/, "Checked against 〔$1〕"],
  [/^(\d+)个数字已与原文核对，查看出处$/, "Figures checked against the reports: $1; show each"],
  [/^(\d+)个由引用数据算出，查看出处$/, "Figures computed from cited ones: $1; show how"],
  [/^(\d+)个数字已与原文核对，(\d+)个由引用数据算出，查看出处$/, "Figures checked against the reports: $1, computed from cited ones: $2; show each"],
  [/^共比较(\d+)个地方，现在显示前(\d+)个。展开全部$/, "Compared: $1; shown: the first $2. Show all"],
  [/^正在读(\d+)段原文，写好一句核对一句……$/, "Reading passages ($1); each sentence is checked as it is written…"],
  [/^检索过程：查了(\d+)份报告，另有(\d+)段未引用$/, "How it was found: reports searched: $1; passages found and not cited: $2"],
  [/^“相关度”.*大模型读了(\d+)个token、写了(\d+)个。$/, `${SCORE} The language model read $1 tokens and wrote $2.`],
  [/^“相关度”.*大模型读了(\d+)个token、写了(\d+)个，约([\d.]+)元。$/, `${SCORE} The language model read $1 tokens and wrote $2, for about ¥$3.`],
  [/^相关度 ([\d.-]+)$/, "score $1"],
  [/^问题最多(\d+)字，现在多了(\d+)字。$/, "A question may have $1 characters; this one has $2 too many."],
  [/^AI生成（(.*?)），请以引用的原文为准；其中(\d+)句没有通过核对，已换成报告原文$/,
    "Written by AI ($1); the cited passages prevail; sentences that failed the check and were replaced by the report's own: $2"],
  [/^AI生成（(.*?)），请以引用的原文为准$/, "Written by AI ($1); the cited passages prevail"],
];
const ATTRIBUTES = ["aria-label", "title", "placeholder", "data-kind", "data-empty"];
const FOREIGN = `.zw-question, .zw-answer > p:not([class]), .zw-answer ol, .zw-table td, .zw-table caption, .zw-table tbody th, .zw-value, .zw-of,
  .zw-taken, .zw-still, .zw-change summary, [data-ask], .zw-paragraph, .zw-near p, .zw-found, .zw-reader-text, .zw-outline-item, .zw-one,
  .zw-place b, #zw-queue b, textarea`;
const OURS = ".zw-verbatim";
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

// Does something with the page as it is written, in Chinese: what is copied then can be put back into Chinese later.
export function asWritten(act) {
  const was = on;
  useEnglish(false);
  act();
  useEnglish(was);
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
  if (!node || (part === "data" && node.parentElement?.closest(FOREIGN) && !node.parentElement.matches(OURS))) return;
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
  if (Object.hasOwn(WORDS, words)) return text.replace(words, () => WORDS[words]);
  const parts = text.split("·"); // one line says several things
  if (parts.length > 1) return parts.map(inEnglish).join("·");
  const [pattern, english] = PATTERNS.find(([pattern]) => pattern.test(words)) ?? [];
  return pattern ? text.replace(words, () => words.replace(pattern, english)) : text;
}
