package dev.belay.server.cli.proxy;

import dev.belay.Endpoint.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What selection may choose proxies by. */
final class TraitOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(names = "--region", paramLabel = "REGION", description = "Where they are: US-EAST, say.")
  private String region = "";

  @Option(names = "--country", paramLabel = "XX", description = "Their country in two letters.")
  private String country = "";

  @Option(names = "--tag", paramLabel = "TAG", description = "A tag; may be repeated.")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = "--weight",
      paramLabel = "WEIGHT",
      defaultValue = "1",
      description = "How much more often weighted strategies take them.")
  private double weight;

  @Option(
      names = "--cost",
      paramLabel = "COST",
      defaultValue = "0",
      description = "What a request costs there.")
  private double cost;

  Traits traits() {
    try {
      return new Traits(
          region, country, Set.copyOf(tags), weight, cost, Traits.NONE.maxConcurrent());
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), "--" + wrong.getMessage(), wrong);
    }
  }
}
