// Sends the chosen file, asks how far the run is, and opens its report at the end. What the server says is shown as text.
const by = (id) => document.getElementById(id);
const main = document.querySelector("main");
const send = document.querySelector("form button");
const PAUSE = 700; // milliseconds between two questions about the state
const LIMIT = 5 * 1024 * 1024;

function tell(error, hint = "", note = false) {
  by("outcome").replaceChildren(...[error, hint].filter(Boolean).map((line) => {
    const words = document.createElement("p");
    words.textContent = line;
    return words;
  }));
  by("outcome").classList.toggle("note", note);
  by("outcome").hidden = !error;
  if (error) by("outcome").focus();
}

function draw(run) {
  const bar = document.querySelector("progress");
  by("stage").textContent = run.total > 1 ? `${run.stage}：${run.done} / ${run.total}` : `${run.stage}……`;
  if (run.total > 1) Object.assign(bar, { max: run.total, value: run.done });
  else bar.removeAttribute("value");
  by("problems").hidden = run.problems.length === 0;
  by("problems").querySelector("ul").replaceChildren(...run.problems.map((problem) => {
    const line = document.createElement("li");
    line.textContent = problem;
    return line;
  }));
}

function working(on) {
  by("progress").hidden = !on;
  send.disabled = on;
}

async function watch(id) {
  working(true);
  by("stop").onclick = () => fetch(`evaluation/runs/${id}/cancel`, { method: "POST" });
  for (let failures = 0; failures < 20;) {
    try {
      const reply = await fetch(`evaluation/runs/${id}`);
      const run = await reply.json();
      if (!reply.ok) return working(false), tell(run.error, run.hint);
      failures = 0;
      draw(run);
      if (run.state === "done" && run.problems.length === 0) return location.assign(`evaluation/runs/${id}/report`);
      if (run.state === "done") return await finish(run);
      if (run.state !== "running") return working(false), tell(run.error, run.hint, run.state === "cancelled");
    } catch {
      failures += 1; // the network may come back
    }
    await new Promise((later) => setTimeout(later, PAUSE));
  }
  working(false);
  tell("和服务器的连接断了。", "请刷新页面，看看评测是否做完。");
}

// Lines were left out: that has to be seen before the scores are.
async function finish(run) {
  working(false);
  tell(`评测做完了，但有 ${run.problems.length} 行没有采用，见下面。`, "", true);
  const link = Object.assign(document.createElement("a"), { href: `evaluation/runs/${run.id}/report`, textContent: "看成绩和错题" });
  by("outcome").append(link);
  const fresh = new DOMParser().parseFromString(await (await fetch("evaluation")).text(), "text/html");
  by("finished").replaceWith(fresh.getElementById("finished"));
}

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = by("gold").files;
  tell("");
  by("problems").hidden = true;
  if (!file) return tell("请先选一个测试题文件。");
  if (file.size > LIMIT) return tell("文件太大，最多 5 MB。", "请拆成几个文件，分几次评测。");
  send.disabled = true;
  try {
    const reply = await fetch(`evaluation/runs?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    const said = await reply.json();
    if (reply.ok) return watch(said.id);
    tell(said.error, said.hint);
  } catch {
    tell("文件没有传上去。", "请检查网络，刷新页面再试。");
  }
  send.disabled = false;
});

if (main.dataset.running) watch(main.dataset.running);
