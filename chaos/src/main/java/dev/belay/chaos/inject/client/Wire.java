package dev.belay.chaos.inject.client;

import java.io.IOException;
import java.util.Optional;

/** The way to an executor: one request, one answer, one try. Safe for any number of threads. */
interface Wire {
  /**
   * What is asked.
   *
   * @param path with its query
   * @param body JSON, if there is one
   */
  record Ask(String method, String path, Optional<String> body) {
    static Ask get(String path) {
      return new Ask("GET", path, Optional.empty());
    }

    static Ask delete(String path) {
      return new Ask("DELETE", path, Optional.empty());
    }

    static Ask post(String path, String body) {
      return new Ask("POST", path, Optional.of(body));
    }
  }

  /** What comes back. */
  record Answer(int status, String body) {
    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  /**
   * Asks once.
   *
   * @throws IOException if no answer came, in time or at all
   */
  Answer send(Ask ask) throws IOException, InterruptedException;
}
