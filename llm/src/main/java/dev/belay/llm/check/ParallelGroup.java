package dev.belay.llm.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** See {@link Groups#parallel}. */
record ParallelGroup(List<Validator> validators) implements Validator {
  ParallelGroup {
    validators = Tally.members(validators);
  }

  @Override
  public String name() {
    return "parallel";
  }

  @Override
  public Cost cost() {
    return Tally.dearest(validators);
  }

  @Override
  public Finding check(Answer answer, CheckContext context) throws InterruptedException {
    List<Finding> findings = findings(answer, context);
    List<Answer> changed =
        findings.stream()
            .filter(Finding.Valid.class::isInstance)
            .map(finding -> ((Finding.Valid) finding).answer())
            .filter(other -> !other.equals(answer))
            .distinct()
            .toList();
    if (changed.size() > 1) {
      return new Finding.Inconclusive(
          "%d validators of a parallel group changed the answer, 1 may: use 'all' for them"
              .formatted(changed.size()),
          Remedy.FAIL);
    }
    return Tally.of(findings, changed.isEmpty() ? answer : changed.getFirst());
  }

  /** If this thread is interrupted, so are all checks that still run, and none outlives this. */
  private List<Finding> findings(Answer answer, CheckContext context) throws InterruptedException {
    List<Callable<Finding>> checks = new ArrayList<>();
    for (Validator validator : validators) {
      checks.add(() -> Tally.guarded(validator, answer, context));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Finding> findings = new ArrayList<>();
      for (Future<Finding> done : threads.invokeAll(checks)) {
        findings.add(result(done));
      }
      return findings;
    }
  }

  private static Finding result(Future<Finding> done) throws InterruptedException {
    try {
      return done.get();
    } catch (ExecutionException broken) {
      return new Finding.Inconclusive("a check broke: " + broken.getCause(), Remedy.FAIL);
    }
  }
}
