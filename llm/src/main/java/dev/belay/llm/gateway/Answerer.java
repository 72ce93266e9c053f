package dev.belay.llm.gateway;

import dev.belay.llm.call.Caller;
import dev.belay.llm.front.Front;
import dev.belay.llm.transport.StreamSink;
import java.util.concurrent.CompletionStage;

/** Answers what cannot be passed on as it is. Safe for any number of threads. */
public interface Answerer {

  /**
   * Answers in one piece.
   *
   * @param front the protocol of the client: what only it knows is left out where a provider speaks
   *     another one
   * @param caller on whose behalf
   * @return cancelling it ends all attempts at once
   */
  CompletionStage<Told> answer(Front front, Front.Asked asked, Caller caller);

  /** Answers piece by piece; the last piece is the end. */
  CompletionStage<Told> stream(Front front, Front.Asked asked, Caller caller, StreamSink sink);
}
