package dev.belay.llm.front;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;

/**
 * A protocol in which clients ask: reads their requests and writes what they get. Does no I/O.
 * Immutable, safe for any number of threads.
 */
public interface Front {

  /** The name of the dialect that providers of this protocol speak: {@code openai-chat}, say. */
  String dialect();

  /** Where clients of this protocol ask: {@code /v1/messages}, say. */
  String path();

  /**
   * Reads a request.
   *
   * @param body as it came
   * @throws BadRequest that names the field
   */
  Asked read(String body);

  /**
   * What a client asks.
   *
   * @param request in no protocol's own form; what only this protocol knows is among the extra
   *     members
   * @param stream whether the answer shall come piece by piece
   * @param withUsage whether a stream shall tell what it cost
   */
  record Asked(LlmRequest request, boolean stream, boolean withUsage) {}

  /**
   * Writes a whole answer.
   *
   * @param model what the client calls the model
   * @param createdSeconds when, in seconds since 1970
   */
  String write(LlmResponse response, String model, long createdSeconds);

  /**
   * Begins to write an answer piece by piece.
   *
   * @param id the name of the answer
   */
  StreamWriter stream(Asked asked, String id, long createdSeconds);

  /** Writes an error. */
  String write(GatewayError error);
}
