package dev.belay.chaos.export;

import dev.belay.chaos.inject.PolicyDocument;

/** The document that fault executors take. */
final class PolicyYaml {
  private PolicyYaml() {}

  static String write(Reproducer what) {
    String yaml = PolicyDocument.yaml(what.policy());
    // others skip what they do not know, and would strike all calls of all services
    String whose =
        what.policies().size() == 1 && what.isPlain()
            ? ""
            : "# For Belay's executor only: others do not know all of its keys.\n";
    return whose + what.finding().map(one -> "# Shows: " + one.words() + "\n").orElse("") + yaml;
  }
}
