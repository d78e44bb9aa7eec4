// What a reader says of an answer: that it is of use, or what is wrong with it.
const REASONS = ["wrong_figure", "wrong_citation", "should_refuse", "incomplete", "other"];

function ratingElement(answer, history, acts) {
  const row = having(make("div.rate"), { tabindex: "-1" }); // takes the focus over from a button that has gone
  const show = (...children) => {
    const hadFocus = row.isConnected && row.contains(row.getRootNode().activeElement);
    row.replaceChildren(...children);
    if (hadFocus) (row.querySelector("input") ?? row).focus();
  };
  const begin = (sentence) => {
    const good = button(word("good"), () => send({ good: true }), "plain good");
    const bad = button(word("bad"), () => show(complaintElement(send, () => begin(word("useful")), acts.say)), "plain bad");
    show(make("p.soft", sentence), good, bad);
  };
  let isSending = false;
  const send = async (judged) => {
    if (isSending) return;
    isSending = true;
    const kept = await acts.rate(answer, history, judged);
    isSending = false;
    if (kept) show(make("p.soft", word("thanks")));
    else begin(word("unkept"));
    acts.say(word(kept ? "thanks" : "unkept"));
  };
  begin(word("useful"));
  return row;
}

function complaintElement(send, cancel, say) {
  const choice = (reason) => make("label", having(make("input"), { type: "radio", name: "reason", value: reason }), word(reason));
  const note = having(make("input"), { maxlength: 500, placeholder: word("note"), "aria-label": word("note") });
  const missing = make("p.soft", "");
  const submit = having(button(word("submit"), () => {}), { type: "submit" });
  const choices = make("fieldset", make("legend", word("wrong")), ...REASONS.map(choice));
  const form = make("form", choices, note, missing, make("div.acts", submit, button(word("cancel"), cancel)));
  form.onsubmit = (event) => {
    event.preventDefault();
    const reason = form.querySelector(":checked")?.value;
    if (reason) return send({ good: false, reason, note: note.value });
    missing.textContent = word("choose");
    say(word("choose"));
  };
  return form;
}
