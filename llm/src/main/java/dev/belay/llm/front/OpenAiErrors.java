package dev.belay.llm.front;

/** Errors as OpenAI writes them. */
final class OpenAiErrors {
  private OpenAiErrors() {}

  static Written object(GatewayError error) {
    Written inner =
        Written.object().put("message", error.message()).put("type", type(error.status()));
    if (error.field().isEmpty()) {
      inner.putNull("param");
    } else {
      inner.put("param", error.field());
    }
    return Written.object().put("error", inner.put("code", error.code()).done());
  }

  private static String type(int status) {
    return switch (status) {
      case 400, 404, 405, 409, 413, 422 -> "invalid_request_error";
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> "server_error";
    };
  }
}
