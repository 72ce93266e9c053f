package dev.belay.llm.front;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;

/**
 * A protocol in which clients ask: reads their requests and writes what they get. Does no I/O.
 * Immutable, safe for any number of threads.
 */
public interface Front {

  /** Whether providers that speak this dialect take and answer what clients say as it is. */
  boolean isSpokenBy(String dialect);

  /** Where providers of this protocol are asked, below their base address. */
  String pathBelowBase();

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

  /** Tells in a stream that was passed on as it is that it breaks off here. */
  String brokenOff(GatewayError error);

  /** Writes an error. */
  String write(GatewayError error);
}
