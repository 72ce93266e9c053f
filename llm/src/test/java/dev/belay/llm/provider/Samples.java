package dev.belay.llm.provider;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What providers send, and short ways to have it read. */
final class Samples {
  static final Headers JSON =
      new Headers(
          Map.of("Content-Type", List.of("application/json"), "x-request-id", List.of("req_7")));

  private Samples() {}

  static LlmResponse answer(Dialect dialect, String body) {
    Reading reading = read(dialect, 200, body);
    if (reading instanceof Reading.Answered answered) {
      return answered.response();
    }
    throw new AssertionError("no answer but " + reading);
  }

  static WireError refusal(Dialect dialect, int status, String body) {
    return refusal(read(dialect, status, body));
  }

  static WireError refusal(Reading reading) {
    if (reading instanceof Reading.Refused refused) {
      return refused.error();
    }
    throw new AssertionError("no refusal but " + reading);
  }

  static Reading read(Dialect dialect, int status, String body) {
    return dialect.read(new WireResponse(status, JSON, body));
  }

  static Json.Obj body(WireRequest request) {
    return (Json.Obj) Json.parse(request.body());
  }

  /** A stream, read in pieces of this many bytes. */
  static Streamed stream(Dialect dialect, String text, int piece) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += piece) {
      pieces.add(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
    }
    return stream(dialect, pieces);
  }

  static Streamed stream(Dialect dialect, List<byte[]> pieces) {
    StreamDecoder decoder = new StreamDecoder(dialect.stream(JSON), 1 << 20);
    List<StreamEvent> events = new ArrayList<>();
    Optional<Reading> end = Optional.empty();
    for (byte[] bytes : pieces) {
      end = decoder.feed(bytes, events::add);
    }
    if (end.isEmpty()) {
      end = decoder.end(events::add);
    }
    return new Streamed(events, end, decoder.soFar());
  }

  /** What came of a stream. */
  record Streamed(List<StreamEvent> events, Optional<Reading> end, LlmResponse soFar) {
    LlmResponse answer() {
      if (end.isPresent() && end.get() instanceof Reading.Answered answered) {
        return answered.response();
      }
      throw new AssertionError("no answer but " + end);
    }

    String text() {
      StringBuilder all = new StringBuilder();
      events.forEach(event -> {
        if (event instanceof StreamEvent.Text text) {
          all.append(text.delta());
        }
      });
      return all.toString();
    }

    String arguments() {
      StringBuilder all = new StringBuilder();
      events.forEach(event -> {
        if (event instanceof StreamEvent.ToolCall call) {
          all.append(call.arguments());
        }
      });
      return all.toString();
    }
  }

  static final String CHAT_STREAM =
      """
      : keep-alive

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","created":1764300000,"model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{"reasoning_content":"hmm"},"finish_reason":null}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{"content":"Grüße, "},"finish_reason":null}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{"content":"世界 😀"},"finish_reason":null}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"find","arguments":""}}]},"finish_reason":null}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"q\\":"}}]},"finish_reason":null}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":null}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

      data: {"id":"chatcmpl-9","object":"chat.completion.chunk","model":"gpt-x","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":4}}}

      data: [DONE]

      """;

  static final String ANTHROPIC_STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

      event: ping
      data: {"type": "ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hmm"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: content_block_start
      data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße, "}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"世界 😀"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":1}

      event: content_block_start
      data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"find","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"q\\":"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":2}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":7}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  static final String GEMINI_STREAM =
      """
      data: {"candidates":[{"content":{"parts":[{"text":"hmm","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":12},"modelVersion":"gemini-x","responseId":"r1"}

      data: {"candidates":[{"content":{"parts":[{"text":"Grüße, "}],"role":"model"},"index":0}],"modelVersion":"gemini-x","responseId":"r1"}

      data: {"candidates":[{"content":{"parts":[{"text":"世界 😀"}],"role":"model"},"index":0}],"modelVersion":"gemini-x","responseId":"r1"}

      data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"find","args":{"q":1}},"thoughtSignature":"c2ln"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":4,"thoughtsTokenCount":3,"totalTokenCount":19,"cachedContentTokenCount":4},"modelVersion":"gemini-x","responseId":"r1"}

      """;

  static final String RESPONSES_STREAM =
      """
      event: response.created
      data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","error":null,"incomplete_details":null,"model":"gpt-x","output":[],"usage":null}}

      event: response.output_item.added
      data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}

      event: response.reasoning_summary_text.delta
      data: {"type":"response.reasoning_summary_text.delta","sequence_number":2,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"hmm"}

      event: response.output_item.added
      data: {"type":"response.output_item.added","sequence_number":3,"output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"Grüße, "}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"世界 😀"}

      event: response.output_item.added
      data: {"type":"response.output_item.added","sequence_number":6,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_a","name":"find"}}

      event: response.function_call_arguments.delta
      data: {"type":"response.function_call_arguments.delta","sequence_number":7,"item_id":"fc_1","output_index":2,"delta":"{\\"q\\":1}"}

      event: response.completed
      data: {"type":"response.completed","sequence_number":8,"response":{"id":"resp_1","object":"response","status":"completed","error":null,"incomplete_details":null,"model":"gpt-x","output":[{"id":"rs_1","type":"reasoning","summary":[]},{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Grüße, 世界 😀","annotations":[]}]},{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\\"q\\":1}","call_id":"call_a","name":"find"}],"usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":4},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":19}}}

      """;
}
