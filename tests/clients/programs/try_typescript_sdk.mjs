// Anthropic's SDK for TypeScript.

import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import { LONG, PARIS, PERSON, PNG, WEATHER, expect, getWeather, tell } from "./telling.mjs";

const client = new Anthropic({ maxRetries: 0 });
const words = (message) => message.content.map((block) => block.text ?? "").join("");
const asked = (model, content, more = {}) => ({
  model,
  max_tokens: 2000,
  messages: [{ role: "user", content }],
  ...more,
});
const weather = () =>
  betaZodTool({
    name: "get_weather",
    description: "Get the weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    run: getWeather,
  });

async function plain(model) {
  const message = await client.messages.create(asked(model, PARIS));
  expect(words(message).includes("Paris"), message);
}

async function stream(model) {
  const message = await client.messages.stream(asked(model, PARIS)).finalMessage();
  expect(words(message).includes("Paris"), message);
}

async function tools(model, streamed) {
  const runner = client.beta.messages.toolRunner(
    asked(model, WEATHER, { tools: [weather()], stream: streamed, max_iterations: 5 }),
  );
  const message = await runner.runUntilDone();
  expect(words(message).includes("18 degrees in Paris"), message);
}

async function structured(model) {
  const format = zodOutputFormat(z.object({ name: z.string(), age: z.number().int() }));
  const message = await client.messages.parse(asked(model, PERSON, { output_config: { format } }));
  const seen = message.parsed_output;
  expect(seen.name === "Jason" && seen.age === 25, seen);
}

async function count(model) {
  const { max_tokens: _, ...request } = asked(model, PARIS);
  const counted = await client.messages.countTokens(request);
  const { usage } = await client.messages.create(asked(model, PARIS));
  expect(counted.input_tokens === usage.input_tokens, [counted, usage]);
}

async function image(model) {
  const source = { type: "base64", media_type: "image/png", data: PNG };
  const content = [{ type: "image", source }, { type: "text", text: "What is this?" }];
  const message = await client.messages.create(asked(model, content));
  expect(words(message).includes("1 image"), message);
}

async function cache(model) {
  const system = [{ type: "text", text: `${LONG} ${model}`, cache_control: { type: "ephemeral" } }];
  const ask = async () => (await client.messages.create(asked(model, PARIS, { system }))).usage;
  const [first, second] = [await ask(), await ask()];
  expect(first.cache_creation_input_tokens > 0, first);
  expect(second.cache_read_input_tokens > 0, second);
}

async function models(model) {
  const seen = [];
  for await (const each of client.models.list({ limit: 3 })) seen.push(each.id);
  expect(seen.includes(model), seen);
}

await tell({
  plain,
  stream,
  tools: (model) => tools(model, false),
  "tools: streamed": (model) => tools(model, true),
  "structured: parse": structured,
  count,
  image,
  cache,
  models,
});
