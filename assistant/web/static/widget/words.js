// Every word of the widget itself, in Chinese and in English. Questions, answers and reports stay as they are.
const WORDS = {
  bubble: ["问报告", "Ask the reports"],
  title: ["政府工作报告问答", "Government work reports"],
  welcome: ["写下问题，说清是哪个区、哪一年。回答里的〔1〕是出处编号，点一下就能看到报告原文。", "Ask in Chinese, naming the district and the year. Press 〔1〕 to see the report's own words."],
  examples: ["可以试着问：", "You could ask:"],
  earlier: ["上次问过：", "Asked before:"],
  fresh: ["新对话", "New"],
  close: ["关闭", "Close"],
  box: ["请写下您的问题", "Your question, in Chinese"],
  send: ["提问", "Ask"],
  stop: ["停止", "Stop"],
  you: ["问", "Q"],
  searching: ["正在查找原文……", "Looking through the reports…"],
  wording: ["已找到原文，正在组织语言……", "Found. Putting it into words…"],
  taken: ["理解为：", "Taken as: "],
  others: ["不是这个意思？", "Not what you meant?"],
  passages: ["查看原文（$条）", "Show the cited passages ($)"],
  copy: ["复制回答", "Copy the answer"],
  copyQuote: ["复制引文", "Copy the citation"],
  copied: ["已复制", "Copied"],
  uncopied: ["没能复制，请手动选取", "Could not copy; please select it by hand"],
  cited: ["引用的原文", "Cited passages"],
  source: ["第$条引用的原文", "Cited passage $"],
  unfold: ["共比较$个地方，现在显示前$个。展开全部", "Compared: $; shown: the first $. Show all"],
  nearest: ["相关原文（供参考，不是答案）", "Passages nearby (for reference, not an answer)"],
  back: ["← 回到回答", "← Back to the answer"],
  near: ["看上下文", "Show context"],
  fold: ["收起", "Fold"],
  previous: ["上一段", "Paragraph before"],
  next: ["下一段", "Paragraph after"],
  useful: ["这个回答有用吗？", "Was this answer useful?"],
  good: ["有用", "Useful"],
  bad: ["有问题", "Something is wrong"],
  wrong: ["哪里不对？", "What is wrong?"],
  wrong_figure: ["数据有误", "Wrong figure"],
  wrong_citation: ["引用有误", "Wrong citation"],
  should_refuse: ["不该回答", "Should not have answered"],
  incomplete: ["不完整", "Incomplete"],
  other: ["其他", "Other"],
  note: ["补充一句（可以不写）", "A line of your own (optional)"],
  submit: ["提交", "Send"],
  cancel: ["取消", "Cancel"],
  choose: ["请先选一下哪里不对，再点“提交”。", "Please choose what is wrong first, then press Send."],
  thanks: ["谢谢，已经记下了。", "Thank you, noted."],
  unkept: ["抱歉，没能记下来。请稍后再试；如果还是不行，请告诉管理员。", "Sorry, this could not be kept. Please try again later, or tell the administrator."],
  answered: ["回答：", "Answer: "],
  stopped: ["已停止。", "Stopped."],
  retry: ["重试", "Try again"],
  waiting: ["$ 秒后可重试", "Try again in $ s"],
  expired: ["登录已过期。请点“重试”，还不行就刷新这个网页。", "Your sign-in has expired. Try again or reload the page."],
  unissued: ["门户没有给出登录凭证：$。请点“重试”；如果还是不行，请联系门户的管理员。", "The portal gave no sign-in token: $. Try again, or tell the portal's administrator."],
  unreached: ["连不上$", "$ cannot be reached"],
  refusedToken: ["$返回了错误$", "$ replied with error $"],
  noToken: ["$返回的内容是空的", "$ replied with nothing"],
  otherToken: ["$返回的不是凭证，可能要先在门户重新登录", "$ replied with something else; you may have to sign in to the portal again"],
  network: ["连不上问答服务，请检查网络。", "The assistant cannot be reached. Check the network."],
  cut: ["回答没有传完。", "The answer broke off."],
  busy: ["现在提问的人太多。", "Too many questions just now."],
  failed: ["问答服务出了问题，请稍后再试。", "Something went wrong. Try again later."],
};

// The browser's language counts beside the page's: many a Chinese page says lang="en" because its template did.
const chosen = option("lang", "auto");
const spoken = chosen === "auto" ? [document.documentElement.lang, navigator.language] : [chosen];
const isChinese = spoken.some((one) => /^zh/i.test(one));

// Puts values in the place of the $ of a sentence, in turn.
function filled(sentence, values) {
  let at = 0;
  return sentence.replace(/\$/g, () => values[at++]);
}

const word = (name, ...values) => filled(WORDS[name][isChinese ? 0 : 1], values);

// What the service says about an answer, in Chinese, and what that is in English; numbers stand as $.
const TOLD = {
  "资料未收录": "Not in the library",
  "没有查到": "Not found",
  "请补充说明": "Please say more",
  "您是不是想问：": "Did you mean:",
  "资料里有，可以这样问：": "The library can answer:",
  "预期目标": "goal",
  "完成情况": "result",
  "地区": "Place",
  "时间": "Time",
  "项目": "Item",
  "报告表述": "The report says",
  "原文": "verbatim",
  "这一句是报告原文": "This sentence is the report's own",
  "原文摘录，未经大模型改写": "The report's own words; no language model was used",
  "本回复由程序根据已收录的报告自动生成": "Written automatically from the covered reports",
  "由引用数据计算": "Computed from cited figures",
  "数字已与原文核对": "The figure is checked against its passage",
  "已与〔$〕的原文核对": "Checked against 〔$〕",
  "与〔$〕的原文一致": "as in 〔$〕",
  "$个数字已与原文核对，查看出处": "Figures checked against the reports: $; show each",
  "$个由引用数据算出，查看出处": "Figures computed from cited ones: $; show how",
  "$个数字已与原文核对，$个由引用数据算出，查看出处": "Figures checked against the reports: $, computed from cited ones: $; show each",
};
const written = (_, model, replaced) =>
  `Written by AI (${model}); the cited passages prevail` + (replaced ? `; sentences replaced by the report's own: ${replaced}` : "");

function told(words) {
  if (isChinese) return words;
  const english = TOLD[words.replace(/\d+/g, "$")];
  if (english) return filled(english, words.match(/\d+/g) ?? []);
  return words.replace(/^AI生成（(.*)），请以引用的原文为准(?:；其中(\d+)句.*)?$/, written);
}
