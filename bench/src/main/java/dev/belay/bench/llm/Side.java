package dev.belay.bench.llm;

/** One way to ask a model and to read its answer. Safe for any number of threads. */
interface Side extends AutoCloseable {

  /** Asks once; the length of the answer's text. */
  int ask() throws Exception;

  @Override
  void close();
}
