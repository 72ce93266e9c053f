package dev.belay.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The price of a guarded call. One method for all subjects, each in a process of its own, so that
 * every library is inlined at its best.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoreBench {
  /** What is measured; see {@link Subject}. */
  @Param("BOTH/ok@belay")
  public String subject = "";

  private Guard guard = work -> work;
  private int failEvery;

  /** One guard for all threads. */
  @Setup
  public void setUp() {
    Subject parsed = Subject.parse(subject);
    guard = parsed.peer().guard(parsed.duty()).orElseThrow();
    failEvery = parsed.failEvery();
  }

  /** One calling thread. */
  @State(Scope.Thread)
  public static class Caller {
    private Callable<Object> guarded = () -> this;

    /** Work of its own, guarded once. */
    @Setup
    public void setUp(CoreBench bench) {
      guarded = bench.guard.around(new Work(bench.failEvery));
    }
  }

  /** One call; what it throws is a result like another. */
  @Benchmark
  public Object call(Caller caller) {
    try {
      return caller.guarded.call();
    } catch (Exception failure) {
      return failure;
    }
  }
}
