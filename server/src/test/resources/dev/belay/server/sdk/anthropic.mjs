// Anthropic's own client against a gateway: BASE KEY. Prints one JSON object of what it saw.
import Anthropic, {APIError} from '@anthropic-ai/sdk';

const [base, key] = process.argv.slice(2);
const client = new Anthropic({baseURL: base, apiKey: key, maxRetries: 0, timeout: 20000});
const seen = {};
const ask = {max_tokens: 100, messages: [{role: 'user', content: 'hi'}]};

const message = await client.messages.create({...ask, model: 'claude'});
seen.message = message.content[0].text;
seen.stop = message.stop_reason;

const stream = client.messages.stream({...ask, model: 'claude'});
seen.stream = await stream.finalText();

const tools = [{name: 'look', input_schema: {type: 'object'}}];
const called = await client.messages.create({...ask, model: 'claude-tools', tools});
seen.tool = called.content.find(block => block.type === 'tool_use').name;

for (const model of ['claude-limited', 'nosuch', 'claude-broken']) {
  try {
    if (model === 'claude-broken') await client.messages.stream({...ask, model}).finalText();
    else await client.messages.create({...ask, model});
    seen[model] = 'no error';
  } catch (error) {
    seen[model] = error instanceof APIError ? error.constructor.name + ' ' + (error.status ?? '') : 'connection';
  }
}
console.log(JSON.stringify(seen));
