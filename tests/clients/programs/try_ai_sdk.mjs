// Vercel's AI SDK with @ai-sdk/anthropic.

import { anthropic, createAnthropic } from "@ai-sdk/anthropic";
import * as ai from "ai";
import { z } from "zod";
import { ADDRESS, LONG, PARIS, PERSON, PNG, WEATHER, expect, getWeather, tell } from "./telling.mjs";

const provider = createAnthropic({ baseURL: `${ADDRESS}/v1`, apiKey: "simulated" });
const once = { maxRetries: 0, maxOutputTokens: 2000 };
const Person = z.object({ name: z.string(), age: z.number().int() });

const weather = ai.tool({
  description: "Get the weather in a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: getWeather,
});

async function plain(model) {
  const reply = await ai.generateText({ ...once, model: provider(model), prompt: PARIS });
  expect(reply.text.includes("Paris") && reply.usage.outputTokens, reply.text);
}

async function stream(model) {
  const reply = ai.streamText({ ...once, model: provider(model), prompt: PARIS });
  let text = "";
  for await (const piece of reply.textStream) text += piece;
  expect(text.includes("Paris"), text);
}

async function tools(model) {
  const reply = await ai.generateText({
    ...once,
    model: provider(model),
    prompt: WEATHER,
    tools: { get_weather: weather },
    stopWhen: ai.stepCountIs(5),
  });
  expect(reply.steps.length === 2 && reply.text.includes("18 degrees in Paris"), reply.text);
}

async function streamedTools(model) {
  const reply = ai.streamText({
    ...once,
    model: provider(model),
    prompt: WEATHER,
    tools: { get_weather: weather },
    stopWhen: ai.stepCountIs(5),
  });
  const text = await reply.text;
  expect(text.includes("18 degrees in Paris"), text);
}

async function bash(model) {
  const ran = [];
  const tool = anthropic.tools.bash_20250124({
    execute: async ({ command }) => {
      ran.push(command);
      return "notes.txt";
    },
  });
  const reply = await ai.generateText({
    ...once,
    model: provider(model),
    prompt: "Run the command `ls -la`.",
    tools: { bash: tool },
    stopWhen: ai.stepCountIs(5),
  });
  expect(ran.length === 1 && ran[0] === "ls -la" && reply.text.includes("notes.txt"), [ran, reply.text]);
}

async function structured(model, mode) {
  const options = mode ? { providerOptions: { anthropic: { structuredOutputMode: mode } } } : {};
  const output = ai.Output.object({ schema: Person });
  const reply = await ai.generateText({ ...once, ...options, model: provider(model), prompt: PERSON, output });
  const seen = reply.output;
  expect(seen.name === "Jason" && seen.age === 25, seen);
}

async function streamedObject(model) {
  const reply = ai.streamText({
    ...once,
    model: provider(model),
    prompt: PERSON,
    output: ai.Output.object({ schema: Person }),
  });
  const seen = await reply.output;
  expect(seen.name === "Jason" && seen.age === 25, seen);
}

async function image(model) {
  const picture = { type: "image", image: PNG, mediaType: "image/png" };
  const content = [{ type: "text", text: "What is this?" }, picture];
  const reply = await ai.generateText({ ...once, model: provider(model), messages: [{ role: "user", content }] });
  expect(reply.text.includes("1 image"), reply.text);
}

async function cache(model) {
  const ask = async () => {
    const kept = { anthropic: { cacheControl: { type: "ephemeral" } } };
    const system = { role: "system", content: `${LONG} ${model}`, providerOptions: kept };
    const reply = await ai.generateText({ ...once, model: provider(model), system, prompt: PARIS });
    return reply.usage;
  };
  const [first, second] = [await ask(), await ask()];
  expect(first.inputTokenDetails?.cacheWriteTokens > 0, first);
  expect(second.inputTokenDetails?.cacheReadTokens > 0, second);
}

await tell({
  plain,
  stream,
  tools,
  "tools: streamed": streamedTools,
  "tools: bash": bash,
  "structured: auto": structured,
  "structured: outputFormat": (model) => structured(model, "outputFormat"),
  "structured: jsonTool": (model) => structured(model, "jsonTool"),
  "structured: streamed": streamedObject,
  image,
  cache,
});
