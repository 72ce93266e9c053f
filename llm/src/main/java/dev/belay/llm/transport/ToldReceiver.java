package dev.belay.llm.transport;

import dev.belay.Time;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import java.util.concurrent.CompletionStage;

/** Tells a listener of the head, and passes everything on. */
record ToldReceiver(Receiver receiver, LlmEndpoint endpoint, HeadListener heads, Time time)
    implements Receiver {

  @Override
  public void head(int status, Headers headers) {
    heads.heard(endpoint, status, headers, time.instant());
    receiver.head(status, headers);
  }

  @Override
  public CompletionStage<Void> chunk(byte[] bytes) {
    return receiver.chunk(bytes);
  }

  @Override
  public CompletionStage<Void> end() {
    return receiver.end();
  }

  @Override
  public void failed(Throwable why) {
    receiver.failed(why);
  }

  @Override
  public boolean isReading() {
    return receiver.isReading();
  }

  @Override
  public boolean hasBegun() {
    return receiver.hasBegun();
  }

  @Override
  public boolean hasContent() {
    return receiver.hasContent();
  }

  @Override
  public boolean isDone() {
    return receiver.isDone();
  }
}
