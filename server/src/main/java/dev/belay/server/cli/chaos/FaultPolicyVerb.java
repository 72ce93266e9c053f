package dev.belay.server.cli.chaos;

import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.PolicyRefused;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.ServerOptions;
import dev.belay.server.cli.shared.Table;
import dev.belay.server.cli.shared.Table.Cell;
import dev.belay.server.cli.shared.Table.Column;
import dev.belay.server.remote.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code belay chaos policy}: fault policies by hand, as published tools have them. */
@Command(
    name = "policy",
    description = "Put fault policies in force by hand, look at them, and take them back.",
    synopsisSubcommandLabel = "(apply | get | list | describe | delete)",
    footer = {"", "Example:", "  belay chaos policy apply -f slow-pricing.yaml"})
final class FaultPolicyVerb implements Runnable {
  private static final String PATH = "/v1/policies";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** The verb with those below it. */
  static CommandLine withVerbs(Program belay) {
    return new CommandLine(new FaultPolicyVerb())
        .addSubcommand(new Apply(belay))
        .addSubcommand(new Get(belay))
        .addSubcommand(new Describe(belay))
        .addSubcommand(new Delete(belay));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing verb: apply, get, list, describe or delete");
  }

  private static String one(String name) {
    return PATH + "/" + Control.encode(name);
  }

  private static void said(Program belay, String name, String what) {
    belay.terminal().out().println("faultinjectionpolicy.hfi.dev \"%s\" %s".formatted(name, what));
  }

  /** Takes a file. */
  @Command(
      name = "apply",
      description = "Put the policy of a file in force, or replace that of its name.",
      footer = {
        "",
        "Example:",
        "  belay chaos policy apply -f slow-pricing.yaml --duration-seconds 60"
      })
  static final class Apply implements Callable<Integer> {
    private final Program belay;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ServerOptions server = new ServerOptions();

    @Option(names = "-f", paramLabel = "FILE", required = true, description = "YAML or JSON.")
    private Path file = Path.of("");

    @Option(names = "--start-delay-ms", description = "In place of that of the first rule.")
    private @Nullable Integer startDelay;

    @Option(names = "--duration-seconds", description = "In place of that of the first rule.")
    private @Nullable Integer duration;

    Apply(Program belay) {
      this.belay = belay;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      Policy policy;
      try {
        policy = PolicyDocument.read(Files.readString(file));
      } catch (PolicyRefused wrong) {
        throw new ParameterException(
            spec.commandLine(), "%s: %s".formatted(file, wrong.getMessage()), wrong);
      }
      JsonNode tree = JsonMapper.shared().readTree(PolicyDocument.json(policy));
      first(tree, "start_delay_ms", startDelay);
      first(tree, "duration_seconds", duration);
      try (Control control = server.connect(belay.terminal())) {
        var unused = control.post(PATH, tree);
      }
      said(belay, policy.name(), "applied");
      return ExitCode.OK;
    }

    private static void first(JsonNode tree, String key, @Nullable Integer value) {
      OptionalInt wanted = value == null ? OptionalInt.empty() : OptionalInt.of(value);
      if (wanted.isPresent() && tree.at("/spec/rules/0/fault") instanceof ObjectNode fault) {
        fault.put(key, wanted.getAsInt());
      }
    }
  }

  /** Shows one, or all. */
  @Command(
      name = "get",
      aliases = "list",
      description = "Show one policy, or all.",
      footer = {"", "Example:", "  belay chaos policy get slow-pricing -o yaml"})
  static final class Get implements Callable<Integer> {
    private final Program belay;

    @Mixin private ServerOptions server = new ServerOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "All without it.")
    private @Nullable String name;

    @Option(
        names = "-o",
        paramLabel = "FORM",
        defaultValue = "table",
        description = "table, yaml or json; default: ${DEFAULT-VALUE}.")
    private Form form = Form.TABLE;

    /** How it is shown. */
    enum Form {
      /** In columns. */
      TABLE,
      /** As a document. */
      YAML,
      /** As a document for programs. */
      JSON
    }

    Get(Program belay) {
      this.belay = belay;
    }

    @Override
    public Integer call() throws InterruptedException {
      ArrayNode policies = JsonMapper.shared().createArrayNode();
      try (Control control = server.connect(belay.terminal())) {
        if (name == null) {
          control.get(PATH, Map.of()).path("policies").forEach(policies::add);
        } else {
          policies.add(control.get(one(name), Map.of()));
        }
      }
      show(belay, policies, belay.isJson() ? Form.JSON : form);
      return ExitCode.OK;
    }

    private static void show(Program belay, ArrayNode policies, Form form) {
      switch (form) {
        case JSON -> Json.print(belay.terminal(), policies);
        case YAML -> {
          for (JsonNode policy : policies) {
            belay.terminal().out().println("---");
            belay
                .terminal()
                .out()
                .println(PolicyDocument.yaml(PolicyDocument.read(policy.toString())));
          }
        }
        case TABLE -> table(belay, policies);
      }
    }

    private static void table(Program belay, ArrayNode policies) {
      Table table =
          new Table(
              belay.terminal(),
              Column.left("NAME"),
              Column.left("SERVICE"),
              Column.right("RULES"),
              Column.left("OWNER"));
      for (JsonNode policy : policies) {
        table.row(
            Cell.of(policy.at("/metadata/name").stringValue("")),
            Cell.of(policy.at("/spec/selector/service").stringValue("*")),
            Cell.of(Integer.toString(policy.at("/spec/rules").size())),
            Cell.of(policy.at("/metadata/owner").stringValue("")));
      }
      table.print();
    }
  }

  /** Shows all of one. */
  @Command(
      name = "describe",
      description = "Show all of one policy.",
      footer = {"", "Example:", "  belay chaos policy describe slow-pricing"})
  static final class Describe implements Callable<Integer> {
    private final Program belay;

    @Mixin private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    Describe(Program belay) {
      this.belay = belay;
    }

    @Override
    public Integer call() throws InterruptedException {
      ArrayNode policies = JsonMapper.shared().createArrayNode();
      try (Control control = server.connect(belay.terminal())) {
        policies.add(control.get(one(name), Map.of()));
      }
      Get.show(belay, policies, belay.isJson() ? Get.Form.JSON : Get.Form.YAML);
      return ExitCode.OK;
    }
  }

  /** Takes one back. */
  @Command(
      name = "delete",
      description = "Take a policy back.",
      footer = {"", "Example:", "  belay chaos policy delete slow-pricing"})
  static final class Delete implements Callable<Integer> {
    private final Program belay;

    @Mixin private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    Delete(Program belay) {
      this.belay = belay;
    }

    @Override
    public Integer call() throws InterruptedException {
      try (Control control = server.connect(belay.terminal())) {
        control.delete(one(name));
      }
      said(belay, name, "deleted");
      return ExitCode.OK;
    }
  }
}
