package dev.belay.llm.gateway;

import dev.belay.llm.front.Front;
import dev.belay.llm.transport.StreamSink;
import java.util.concurrent.CompletionStage;

/** Answers what cannot be passed on as it is. Safe for any number of threads. */
public interface Answerer {

  /**
   * Answers in one piece.
   *
   * @param client the name of the client's key; empty if it has none
   * @return cancelling it ends all attempts at once
   */
  CompletionStage<Told> answer(Front.Asked asked, String client);

  /** Answers piece by piece; the last piece is the end. */
  CompletionStage<Told> stream(Front.Asked asked, String client, StreamSink sink);
}
