package dev.belay.llm.check;

import com.networknt.schema.SpecificationVersion;

/** The versions of JSON Schema. */
enum Draft {
  /** What {@code $schema} says, else the newest. */
  AUTO(SpecificationVersion.DRAFT_2020_12),
  DRAFT_4(SpecificationVersion.DRAFT_4),
  DRAFT_6(SpecificationVersion.DRAFT_6),
  DRAFT_7(SpecificationVersion.DRAFT_7),
  DRAFT_2019_09(SpecificationVersion.DRAFT_2019_09),
  DRAFT_2020_12(SpecificationVersion.DRAFT_2020_12);

  final SpecificationVersion version;

  Draft(SpecificationVersion version) {
    this.version = version;
  }
}
