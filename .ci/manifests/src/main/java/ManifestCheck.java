import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.Gson;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Checks each object of the files given against the model of its kind: a field that does not exist,
 * is missing or has another type is named.
 */
public final class ManifestCheck {
  private static final Map<String, Class<?>> OTHERS =
      Map.of(
          "monitoring.coreos.com/v1 PodMonitor", PodMonitor.class,
          "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class,
          "gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class,
          "cert-manager.io/v1 Certificate", Certificate.class,
          "cert-manager.io/v1 Issuer", Issuer.class,
          "keda.sh/v1alpha1 ScaledObject", ScaledObject.class);

  private static final Gson GSON = new Gson();
  private static final ObjectMapper STRICT = strict();

  /** For the records below, which say what may be there, and not what must. */
  private static final ObjectMapper KNOWN =
      strict().disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  private ManifestCheck() {}

  public static void main(String[] files) throws Exception {
    for (var file : files) {
      var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      for (var object : yaml.loadAll(Files.readString(Path.of(file)))) {
        if (object instanceof Map<?, ?> fields) {
          report(Path.of(file), fields);
        }
      }
    }
  }

  private static void report(Path file, Map<?, ?> fields) {
    var kind = fields.get("apiVersion") + " " + fields.get("kind");
    var name = ((Map<?, ?>) fields.get("metadata")).get("name");
    var what = file.getFileName() + ": " + kind + " " + name;
    try {
      var other = OTHERS.get(kind);
      if (other != null) {
        var mapper = other.isRecord() ? KNOWN : STRICT;
        mapper.readValue(GSON.toJson(fields), other);
      } else {
        validate(fields);
      }
      System.out.println("ok   " + what);
    } catch (ClassNotFoundException unknown) {
      System.out.println("FAIL " + what + ": there is no such kind in this version of Kubernetes");
    } catch (InvocationTargetException invalid) {
      System.out.println("FAIL " + what + ": " + line(invalid.getCause()));
    } catch (Exception invalid) {
      System.out.println("FAIL " + what + ": " + line(invalid));
    }
  }

  /** By the official client's models, whose classes are named by version and kind. */
  private static void validate(Map<?, ?> fields) throws ReflectiveOperationException {
    var api = (String) fields.get("apiVersion");
    var version = api.substring(api.indexOf('/') + 1);
    var type =
        Class.forName(
            "io.kubernetes.client.openapi.models."
                + version.substring(0, 1).toUpperCase(Locale.ROOT)
                + version.substring(1)
                + fields.get("kind"));
    // Clients before 21 take an object.
    var check =
        Stream.of(type.getMethods())
            .filter(method -> method.getName().matches("validateJson(Element|Object)"))
            .findFirst()
            .orElseThrow();
    check.invoke(null, GSON.toJsonTree(fields));
  }

  private static String line(Throwable failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
  }

  /** The models keep unknown fields for later; here they are refused. */
  private static ObjectMapper strict() {
    return new ObjectMapper()
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .setSerializationInclusion(JsonInclude.Include.NON_NULL)
        .setAnnotationIntrospector(
            new JacksonAnnotationIntrospector() {
              @Override
              public Boolean hasAnySetter(Annotated annotated) {
                return false;
              }
            });
  }

  record Metadata(String name, String namespace, Map<String, String> labels) {}

  /** KEDA's, as far as it is used here; nobody publishes a model of it. */
  record ScaledObject(String apiVersion, String kind, Metadata metadata, Spec spec) {
    record Spec(
        Target scaleTargetRef,
        int pollingInterval,
        int cooldownPeriod,
        int minReplicaCount,
        int maxReplicaCount,
        Fallback fallback,
        Advanced advanced,
        List<Trigger> triggers) {}

    record Target(String name) {}

    record Fallback(int failureThreshold, int replicas, String behavior) {}

    record Advanced(Autoscaler horizontalPodAutoscalerConfig) {}

    record Autoscaler(Behavior behavior) {}

    record Behavior(Rules scaleUp, Rules scaleDown) {}

    record Rules(Integer stabilizationWindowSeconds, List<Policy> policies) {}

    record Policy(String type, int value, int periodSeconds) {}

    record Trigger(String type, Map<String, String> metadata) {}
  }

  /** cert-manager's, as far as it is used here. */
  record Certificate(String apiVersion, String kind, Metadata metadata, Spec spec) {
    record Spec(
        Boolean isCA,
        String commonName,
        String secretName,
        List<String> dnsNames,
        String duration,
        List<String> usages,
        PrivateKey privateKey,
        Reference issuerRef) {}

    record PrivateKey(String algorithm, int size, String encoding, String rotationPolicy) {}

    record Reference(String kind, String name) {}
  }

  /** Also cert-manager's. */
  record Issuer(String apiVersion, String kind, Metadata metadata, Spec spec) {
    record Spec(Map<String, String> selfSigned, Authority ca) {}

    record Authority(String secretName) {}
  }
}
