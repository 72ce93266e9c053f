package dev.belay.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real APIs refuse is refused, and what they take is taken. */
class RulesTest {
  private final FaultyProvider provider = FaultyProvider.start(Answer.text("fine"));
  private final Client client = new Client(provider);

  @AfterEach
  void close() {
    client.close();
    provider.close();
  }

  private Client.Got chat(String body) throws Exception {
    return client.send(
        client
            .request("/v1/chat/completions", body.replace('\'', '"'))
            .header("Authorization", "Bearer k"));
  }

  private Client.Got responses(String body) throws Exception {
    return client.send(
        client
            .request("/v1/responses", body.replace('\'', '"'))
            .header("Authorization", "Bearer k"));
  }

  private Client.Got messages(String body) throws Exception {
    return client.send(anthropic(body).header("anthropic-version", "2023-06-01"));
  }

  private HttpRequest.Builder anthropic(String body) {
    return client.request("/v1/messages", body.replace('\'', '"')).header("x-api-key", "k");
  }

  private Client.Got gemini(String body) throws Exception {
    return client.send(
        client.request("/v1beta/models/m:generateContent?key=k", body.replace('\'', '"')));
  }

  @Nested
  class OfOpenAiChat {
    private static final String USER = "{'role':'user','content':'json please'}";
    private static final String CALL =
        "{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function',"
            + "'function':{'name':'f','arguments':'{}'}}]}";

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "{'messages':[]}|you must provide a model parameter",
          "{'model':'m'}|Missing required parameter: 'messages'.",
          "{'model':'m','messages':'hi'}|Invalid type for 'messages'",
          "{'model':'m','messages':[]}|empty array",
          "{'model':'m','messages':[{'content':'hi'}]}|messages[0].role",
          "{'model':'m','messages':[{'role':'robot','content':'hi'}]}|'robot'",
          "{'model':'m','messages':[{'role':'user'}]}|expected a string, got null",
          "{'model':'m','messages':[{'role':'user','content':7}]}|got another type",
          "{'model':'m','messages':[{'role':'user','content':[]}]}|empty array",
          "{'model':'m','messages':[{'role':'assistant','content':null}]}|got null",
          "{'model':'m','messages':[$U],'mcp_config':{}}|argument supplied: mcp_config",
          "{'model':'m','messages':[$U],'n':0}|Invalid 'n'",
          "{'model':'m','messages':[$U],'max_tokens':0}|Invalid 'max_tokens'",
          "{'model':'m','messages':[$U],'max_tokens':'7'}|expected a number",
          "{'model':'m','messages':[$U],'temperature':2.5}|above the maximum",
          "{'model':'m','messages':[$U],'stream':'yes'}|expected a boolean",
          "{'model':'m','messages':[$U],'stream_options':{}}|only allowed when 'stream'",
          "{'model':'m','messages':[$U],'tools':[]}|Invalid 'tools': empty array",
          "{'model':'m','messages':[$U],'tools':[{'name':'f'}]}|tools[0].type",
          "{'model':'m','messages':[$U],'tools':[{'type':'function','function':{'name':'a b'}}]}|pattern",
          "{'model':'m','messages':[$U,$C]}|must be followed by tool messages",
          "{'model':'m','messages':[$U,$C,$U]}|must be followed by tool messages",
          "{'model':'m','messages':[$U,{'role':'tool','tool_call_id':'c9','content':'x'}]}|preceding",
          "{'model':'m','messages':[{'role':'user','content':'hi'}],'response_format':{'type':'json_object'}}|the word 'json'",
          "not json|could not parse the JSON body",
          "[]|could not parse the JSON body"
        })
    void refuses(String body, String message) throws Exception {
      Client.Got got = chat(body.replace("$U", USER).replace("$C", CALL));

      assertThat(got.status()).isEqualTo(400);
      assertThat(got.at("/error/type")).isEqualTo("invalid_request_error");
      assertThat(got.at("/error/message")).contains(message);
      assertThat(provider.exchanges().getLast().refused()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "{'model':'m','messages':[$U],'response_format':{'type':'json_object'}}",
          "{'model':'m','messages':[$U,$C,{'role':'tool','tool_call_id':'c1','content':'x'}]}",
          "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}]}",
          "{'model':'m','messages':[$U],'temperature':2,'n':1,'max_tokens':1}"
        })
    void takes(String body) throws Exception {
      assertThat(chat(body.replace("$U", USER).replace("$C", CALL)).status()).isEqualTo(200);
    }
  }

  @Nested
  class OfOpenAiResponses {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "{'input':'hi'}|'model'",
          "{'model':'m'}|'input'",
          "{'model':'m','input':7}|Invalid type for 'input'",
          "{'model':'m','input':[{'content':'hi'}]}|input[0].role",
          "{'model':'m','input':[{'role':'user'}]}|input[0].content",
          "{'model':'m','input':'hi','messages':[]}|Unknown parameter: 'messages'",
          "{'model':'m','input':'hi','max_output_tokens':1}|Invalid 'max_output_tokens'",
          "{'model':'m','input':'hi','tools':[{}]}|tools[0].type",
          "{'model':'m','input':'hi','tools':[{'type':'function','function':{'name':'f'}}]}|tools[0].name"
        })
    void refuses(String body, String message) throws Exception {
      Client.Got got = responses(body);

      assertThat(got.status()).isEqualTo(400);
      assertThat(got.at("/error/message")).contains(message);
    }

    @Test
    void takesItemsAndTools() throws Exception {
      String body =
          "{'model':'m','instructions':'be brief','input':[{'role':'user','content':[{'type':"
              + "'input_text','text':'hi'}]},{'type':'function_call_output','call_id':'c','output':"
              + "'42'}],'tools':[{'type':'function','name':'f','parameters':{'type':'object'}}]}";
      assertThat(responses(body).status()).isEqualTo(200);
      assertThat(provider.requests().getLast().messages())
          .containsExactly(
              new Message("system", "be brief"),
              new Message("user", "hi"),
              new Message("function_call_output", "42"));
    }
  }

  @Nested
  class OfAnthropic {
    private static final String HEAD = "{'model':'m','max_tokens':9,'messages':";
    private static final String USER = "{'role':'user','content':'hi'}";
    private static final String USE =
        "{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'f','input':{}}]}";
    private static final String RESULT =
        "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':'42'}]}";

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "{'max_tokens':9,'messages':[$U]}|model: Field required",
          "{'model':'m','messages':[$U]}|max_tokens: Field required",
          "{'model':'m','max_tokens':9}|messages: Field required",
          "{'model':'','max_tokens':9,'messages':[$U]}|model: String should",
          "{'model':'m','max_tokens':'9','messages':[$U]}|valid integer",
          "{'model':'m','max_tokens':0,'messages':[$U]}|greater than or equal to 1",
          "$H[$U],'temperature':1.5}|range: 0..1",
          "$H[$U],'mcp_config':{}}|mcp_config: Extra inputs",
          "$H[$U],'mcp_servers':[]}|mcp_servers: Extra inputs",
          "$H'hi'}|valid list",
          "$H[]}|at least one message",
          "$H[{'role':'system','content':'x'},$U]}|Unexpected role \"system\"",
          "$H[{'role':'tool','content':'x'}]}|Input should be 'user' or 'assistant'",
          "$H[{'role':'assistant','content':'x'}]}|first message must use the \"user\" role",
          "$H[{'role':'user'}]}|content: Field required",
          "$H[{'role':'user','content':''}]}|must have non-empty content",
          "$H[$U,{'role':'assistant','content':''},$U]}|must have non-empty content",
          "$H[{'role':'user','content':[{'text':'x'}]}]}|type: Field required",
          "$H[{'role':'user','content':[{'type':'text','text':''}]}]}|text content blocks",
          "$H[$U,{'role':'assistant','content':'x '}]}|trailing whitespace",
          "$H[$U,$C]}|without `tool_result` blocks",
          "$H[$U,$C,$U]}|without `tool_result` blocks",
          "$H[$U,$R]}|unexpected `tool_use_id`",
          "$H[$U],'tools':[{'input_schema':{}}]}|tools.0.name: Field required",
          "$H[$U],'tools':[{'name':'f'}]}|input_schema: Field required"
        })
    void refuses(String body, String message) throws Exception {
      Client.Got got =
          messages(
              body.replace("$H", HEAD)
                  .replace("$U", USER)
                  .replace("$C", USE)
                  .replace("$R", RESULT));

      assertThat(got.status()).isEqualTo(400);
      assertThat(got.at("/error/type")).isEqualTo("invalid_request_error");
      assertThat(got.at("/error/message")).contains(message);
    }

    @Test
    void wantsItsVersion() throws Exception {
      Client.Got got = client.send(anthropic(HEAD + "[" + USER + "]}"));
      assertThat(got.at("/error/message")).isEqualTo("anthropic-version: header is required");
    }

    @Test
    void takesToolsWithTheirResultsAndTurnsOfOneRoleInARow() throws Exception {
      String talk = HEAD + "[" + USER + "," + USER + "," + USE + "," + RESULT + "]";
      String tools = ",'tools':[{'name':'f','input_schema':{'type':'object'}}]}";
      assertThat(messages(talk + tools).status()).isEqualTo(200);
      LlmRequest request = provider.requests().getLast();
      assertThat(request.tools()).containsExactly(new Tool("f", "", "{\"type\":\"object\"}"));
      assertThat(request.lastUserText()).isEqualTo("42");
    }

    @Test
    void takesServersOfToolsWithTheirBetaHeader() throws Exception {
      assertThat(
              client
                  .send(
                      anthropic(HEAD + "[" + USER + "],'mcp_servers':[]}")
                          .header("anthropic-version", "2023-06-01")
                          .header("anthropic-beta", "mcp-client-2025-04-04"))
                  .status())
          .isEqualTo(200);
    }

    @Test
    void mayInsistOnTurns() throws Exception {
      try (FaultyProvider strict =
              FaultyProvider.builder().alternatingRoles().start(Answer.texts("fine"));
          Client other = new Client(strict)) {
        String two = "{\"role\":\"user\",\"content\":\"hi\"}";
        Client.Got got =
            other.send(
                other
                    .request(
                        "/v1/messages",
                        "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[" + two + "," + two + "]}")
                    .header("x-api-key", "k")
                    .header("anthropic-version", "2023-06-01"));
        assertThat(got.at("/error/message")).contains("roles must alternate");
        assertThat(other.send(other.messages("")).status()).isEqualTo(200);
        assertThat(other.send(other.chat("")).status()).isEqualTo(200);
      }
    }
  }

  @Nested
  class OfGemini {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "{}|contents is not specified",
          "{'contents':[],'messages':[]}|Unknown name \"messages\"",
          "{'contents':[{'role':'assistant','parts':[{'text':'x'}]}]}|valid role",
          "{'contents':[{'role':'user','parts':[]}]}|must not be empty",
          "{'contents':[{'role':'user','parts':[{}]}]}|required oneof field"
        })
    void refuses(String body, String message) throws Exception {
      Client.Got got = gemini(body);

      assertThat(got.status()).isEqualTo(400);
      assertThat(got.at("/error/status")).isEqualTo("INVALID_ARGUMENT");
      assertThat(got.at("/error/message")).contains(message);
    }

    @Test
    void takesBothSpellingsAndTools() throws Exception {
      String body =
          "{'system_instruction':{'parts':[{'text':'x'}]},'systemInstruction':{'parts':[{'text':"
              + "'be brief'}]},'contents':[{'parts':[{'text':'hi'}]}],'tools':[{"
              + "'functionDeclarations':[{'name':'f','description':'d'}]}]}";
      assertThat(gemini(body).status()).isEqualTo(200);
      LlmRequest request = provider.requests().getLast();
      assertThat(request.messages())
          .containsExactly(new Message("system", "be brief"), new Message("user", "hi"));
      assertThat(request.tools()).containsExactly(new Tool("f", "d", "{}"));
    }
  }

  @Nested
  class OfKeysAndModels {
    @Test
    void refusesACallWithoutAKey() throws Exception {
      assertThat(client.send(client.request("/v1/chat/completions", "{}")).at("/error/message"))
          .contains("didn't provide an API key");
      assertThat(client.send(client.request("/v1/messages", "{}")).at("/error/type"))
          .isEqualTo("authentication_error");
      Client.Got gemini = client.send(client.request("/v1beta/models/m:generateContent", "{}"));
      assertThat(gemini.status()).isEqualTo(403);
      assertThat(gemini.at("/error/status")).isEqualTo("PERMISSION_DENIED");
      assertThat(
              client
                  .send(client.request("/v1/responses", "{}").header("Authorization", "Basic x"))
                  .status())
          .isEqualTo(401);
    }

    @Test
    void refusesStrangersAndUnknownModels() throws Exception {
      try (FaultyProvider closed =
              FaultyProvider.builder()
                  .keys("sk-test")
                  .models(List.of("gpt-test"))
                  .start(Answer.texts("fine"));
          Client other = new Client(closed)) {
        assertThat(other.send(other.chat("")).status()).isEqualTo(200);
        Client.Got wrong =
            other.send(
                other.request("/v1/chat/completions", "{}").header("Authorization", "Bearer x"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.at("/error/code")).isEqualTo("invalid_api_key");
        Client.Got gemini =
            other.send(other.request("/v1beta/models/m:generateContent?alt=x&key=no", "{}"));
        assertThat(gemini.status()).isEqualTo(400);
        assertThat(gemini.at("/error/details/0/reason")).isEqualTo("API_KEY_INVALID");
        assertThat(other.send(other.messages("")).status()).isEqualTo(404);
      }
    }

    @Test
    void listsModelsInEachForm() throws Exception {
      try (FaultyProvider closed =
              FaultyProvider.builder().models(List.of("a", "b")).start(Answer.texts("fine"));
          Client other = new Client(closed)) {
        HttpRequest.Builder openAi = get(other, "/v1/models").header("Authorization", "Bearer k");
        assertThat(other.send(openAi).at("/data/1/id")).isEqualTo("b");
        HttpRequest.Builder anthropic =
            get(other, "/v1/models").header("x-api-key", "k").header("anthropic-version", "1");
        assertThat(other.send(anthropic).at("/last_id")).isEqualTo("b");
        assertThat(other.send(get(other, "/v1beta/models?key=k")).at("/models/0/name"))
            .isEqualTo("models/a");
        HttpRequest.Builder one = get(other, "/v1/models/b").header("Authorization", "Bearer k");
        assertThat(other.send(one).at("/id")).isEqualTo("b");
        HttpRequest.Builder none = get(other, "/v1/models/c").header("Authorization", "Bearer k");
        assertThat(other.send(none).status()).isEqualTo(404);
        assertThat(other.send(get(other, "/v1/models")).status()).isEqualTo(401);
        assertThat(closed.requestCount()).isZero();
      }
    }

    private HttpRequest.Builder get(Client from, String path) {
      return HttpRequest.newBuilder(from.uri(path)).timeout(Client.PATIENCE);
    }

    @Test
    void knowsNoOtherPathsAndMethods() throws Exception {
      Client.Got nowhere = client.send(client.request("/v1/completions", "{}"));
      assertThat(nowhere.status()).isEqualTo(404);
      assertThat(nowhere.at("/error/message")).contains("POST /v1/completions");
      HttpRequest.Builder get =
          get(client, "/v1/chat/completions").header("Authorization", "Bearer k");
      assertThat(client.send(get).status()).isEqualTo(405);
    }

    @Test
    void isLenientWhenTold() throws Exception {
      try (FaultyProvider lenient = FaultyProvider.builder().lenient().start(Answer.texts("fine"));
          Client other = new Client(lenient)) {
        Client.Got got = other.send(other.request("/v1/chat/completions", "nonsense"));
        assertThat(got.at("/choices/0/message/content")).isEqualTo("fine");
      }
    }
  }
}
