package dev.belay.llm.gateway;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.call.Caller;
import dev.belay.llm.front.Front;
import dev.belay.llm.transport.StreamSink;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Answers what cannot be passed on as it is. Safe for any number of threads. */
public interface Answerer {

  /**
   * What a client wants. Immutable.
   *
   * @param front the protocol of the client: what only it knows is left out where a provider speaks
   *     another one
   * @param asked in the words of that protocol
   * @param caller on whose behalf
   * @param review the ticket under which the request was parked before; empty if it is new
   */
  record Order(Front front, Front.Asked asked, Caller caller, Optional<String> review) {
    /** Rejects null. */
    public Order {
      requireNonNull(front, "front");
      requireNonNull(asked, "asked");
      requireNonNull(caller, "caller");
      requireNonNull(review, "review");
    }
  }

  /**
   * Answers in one piece.
   *
   * @return cancelling it ends all attempts at once
   */
  CompletionStage<Told> answer(Order order);

  /** Answers piece by piece; the last piece is the end. */
  CompletionStage<Told> stream(Order order, StreamSink sink);
}
