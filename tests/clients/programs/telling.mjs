// What every program in JavaScript says: one line of JSON for each feature and model. See telling.py.

import { randomUUID } from "node:crypto";

export const ADDRESS = process.env.CLIENTS_ADDRESS;
export const PARIS = "What is the capital of France?";
export const WEATHER = "What is the weather in Paris?";
export const PERSON = "Jason is 25 years old.";
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const rules = Array.from({ length: 900 }, (_, n) => `Rule ${n} of this house is to be kind to guest ${n}.`);
export const LONG = `House ${randomUUID()}. ${rules.join(" ")}`;

export const getWeather = ({ city }) => `18 degrees in ${city}`;

export function expect(isMet, seen) {
  if (!isMet) throw new Error(`not as expected: ${JSON.stringify(seen)}`.slice(0, 2000));
}

export async function tell(features) {
  console.warn = console.error = () => {};
  for (const model of process.argv.slice(2)) {
    for (const [feature, tryIt] of Object.entries(features)) {
      let problem = "";
      try {
        await tryIt(model);
      } catch (error) {
        problem = `${error?.name}: ${error?.message}`.slice(0, 400);
      }
      console.log(JSON.stringify({ feature, model, problem }));
    }
  }
}
