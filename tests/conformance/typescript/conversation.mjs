// What a program in JavaScript does with the API, by the TypeScript SDK as its users call it.
// It prints one object of JSON: what came back, step by step. Run it where node_modules is, with
// ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY set.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const Anthropic = require("@anthropic-ai/sdk");

const client = new Anthropic({ maxRetries: 0 });
const model = "claude-sonnet-4-6";
const asked = (content) => ({ model, max_tokens: 300, messages: [{ role: "user", content }] });
const said = (message) =>
  message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
const report = {};

const message = await client.messages.create(asked("What is the capital of France?"));
report.message = {
  content: message.content,
  stop_reason: message.stop_reason,
  has_id: message.id.startsWith("msg_01"),
  has_request_id: message._request_id.startsWith("req_01"),
};

const { messages } = asked("What is the capital of France?");
const counted = await client.messages.countTokens({ model, messages });
report.count = { is_billed: counted.input_tokens === message.usage.input_tokens };

const stream = client.messages.stream(asked("Count to five."));
const pieces = [];
stream.on("text", (piece) => pieces.push(piece));
const streamed = await stream.finalMessage();
report.stream = {
  pieces: pieces.length > 1,
  is_whole: pieces.join("") === said(streamed),
  text: said(streamed),
  stop_reason: streamed.stop_reason,
};

const kinds = [];
for await (const event of await client.messages.create({ ...asked("Hello"), stream: true })) {
  if (kinds.at(-1) !== event.type) kinds.push(event.type);
}
report.events = kinds;

const weather = {
  name: "get_weather",
  description: "Tell the weather of a city.",
  input_schema: {
    type: "object",
    properties: { city: { type: "string", description: "The city's name." } },
    required: ["city"],
  },
};
const question = { ...asked("What is the weather in Paris?"), tools: [weather] };
const turn = await client.messages.create({
  ...question,
  tool_choice: { type: "tool", name: weather.name },
});
const call = turn.content.find((block) => block.type === "tool_use");
report.tool_use = { first: turn.stop_reason, name: call?.name, input: call?.input };
if (call) {
  const result = { type: "tool_result", tool_use_id: call.id, content: "18 degrees and sunny" };
  const answer = await client.messages.create({
    ...question,
    messages: [
      ...question.messages,
      { role: "assistant", content: turn.content },
      { role: "user", content: [result] },
    ],
  });
  report.tool_use.last = answer.stop_reason;
}

const ids = [];
for await (const listed of client.models.list()) ids.push(listed.id);
const found = await client.models.retrieve("claude-haiku-4-5");
report.models = { listed: ids.includes(model), retrieved: found.id };

const failed = async (request) => {
  try {
    await request();
    return null;
  } catch (error) {
    return {
      class: error.constructor.name,
      status: error.status ?? null,
      type: error.type ?? null,
      message: error.error?.error?.message ?? null,
      has_request_id: String(error.requestID).startsWith("req_01"),
    };
  }
};
report.errors = {
  unknown_model: await failed(() =>
    client.messages.create({ ...asked("Hello"), model: "nobody" }),
  ),
  no_messages: await failed(() => client.messages.create({ ...asked("Hello"), messages: [] })),
  no_key: await failed(() =>
    client.messages.create(asked("Hello"), { headers: { "x-api-key": null, authorization: null } }),
  ),
};

const aborted = client.messages.stream(asked("Count to five."));
const seen = [];
try {
  for await (const event of aborted) {
    seen.push(event.type);
    if (event.type === "content_block_delta") aborted.abort();
  }
  report.abort = { class: null };
} catch (error) {
  report.abort = { class: error.constructor.name, reached_end: seen.includes("message_stop") };
}
const after = await client.messages.create(asked("What is the capital of France?"));
report.after_abort = said(after);

console.log(JSON.stringify(report));
