// OpenAI's own client against a gateway: BASE KEY. Prints one JSON object of what it saw.
import OpenAI, {APIError} from 'openai';

const [base, key] = process.argv.slice(2);
const client = new OpenAI({baseURL: base + '/v1', apiKey: key, maxRetries: 0, timeout: 20000});
const seen = {};
const messages = [{role: 'user', content: 'hi'}];

const chat = await client.chat.completions.create({model: 'chat', messages});
seen.chat = chat.choices[0].message.content;
seen.usage = chat.usage.total_tokens > 0;

let text = '';
for await (const chunk of await client.chat.completions.create({model: 'chat', messages, stream: true})) {
  text += chunk.choices[0]?.delta?.content ?? '';
}
seen.stream = text;

const tools = [{type: 'function', function: {name: 'look', parameters: {type: 'object'}}}];
const called = await client.chat.completions.create({model: 'tools', messages, tools});
seen.tool = called.choices[0].message.tool_calls[0].function.name;
seen.finish = called.choices[0].finish_reason;

const response = await client.responses.create({model: 'responses', input: 'hi'});
seen.response = response.output_text;
text = '';
for await (const event of await client.responses.create({model: 'responses', input: 'hi', stream: true})) {
  if (event.type === 'response.output_text.delta') text += event.delta;
}
seen.responseStream = text;

seen.models = (await client.models.list()).data.map(model => model.id);

for (const model of ['limited', 'nosuch', 'broken']) {
  try {
    const stream = await client.chat.completions.create({model, messages, stream: model === 'broken'});
    if (model === 'broken') for await (const chunk of stream) { /* to its end */ }
    seen[model] = 'no error';
  } catch (error) {
    seen[model] = error instanceof APIError ? error.constructor.name + ' ' + (error.status ?? '') : 'connection';
  }
}
console.log(JSON.stringify(seen));
