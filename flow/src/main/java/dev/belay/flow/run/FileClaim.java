package dev.belay.flow.run;

/** Files that a task may write, as long as it is open. */
@FunctionalInterface
interface FileClaim extends AutoCloseable {
  /** Nothing. */
  FileClaim NONE = () -> {};

  @Override
  void close();
}
