{{/* Variables of the server, of a dict with root, component and roles. */}}
{{- define "vitrine.env" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
- {name: VITRINE_ROLES, value: {{ .roles | quote }}}
- name: VITRINE_NODE__NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
{{- if include "vitrine.scaled" $root }}
{{- include "vitrine.databaseEnv" $root }}
{{- if include "vitrine.keystone" $root }}
{{- with $values.identity.keystone }}
{{ include "vitrine.secretVariable" (dict "name" "VITRINE_IDENTITY__KEYSTONE__USERNAME" "secret" .existingSecret "key" .keys.username) }}
{{ include "vitrine.secretVariable" (dict "name" "VITRINE_IDENTITY__KEYSTONE__PASSWORD" "secret" .existingSecret "key" .keys.password) }}
{{- end }}
{{- if $values.roots.configMap }}
- {name: VITRINE_IDENTITY__KEYSTONE__CA_FILE, value: /etc/vitrine-roots/{{ $values.roots.key }}}
{{- end }}
{{- end }}
{{- with $values.tokens }}
{{ include "vitrine.secretVariable" (dict "name" "VITRINE_IMPORT__GLANCE_DOWNLOAD__TOKEN_KEY" "secret" .existingSecret "key" .key "optional" true) }}
{{- end }}
{{- include "vitrine.storeEnv" $root }}
{{- include "vitrine.clusterEnv" $root }}
{{- end }}
{{- if and (eq .component "api") $values.tls.enabled }}
- {name: VITRINE_HTTP__TLS__CERTIFICATE, value: /etc/vitrine-api-tls/tls.crt}
- {name: VITRINE_HTTP__TLS__KEY, value: /etc/vitrine-api-tls/tls.key}
{{- end }}
{{- end -}}

{{- define "vitrine.storeEnv" -}}
{{- $keystone := .Values.identity.keystone -}}
{{- if eq .Values.storage.kind "s3" }}
{{- $s3 := .Values.storage.s3 }}
{{- range $store := list "BACKENDS__OBJECTS" "STAGING" }}
{{ include "vitrine.secretVariable" (dict "name" (printf "VITRINE_STORES__%s__S3__ACCESS_KEY" $store) "secret" $s3.existingSecret "key" $s3.keys.accessKey) }}
{{ include "vitrine.secretVariable" (dict "name" (printf "VITRINE_STORES__%s__S3__SECRET_KEY" $store) "secret" $s3.existingSecret "key" $s3.keys.secretKey) }}
{{- end }}
{{- else if eq .Values.storage.kind "swift" }}
{{- $swift := .Values.storage.swift }}
{{- $secret := $swift.existingSecret | default $keystone.existingSecret }}
{{- $keys := ternary $swift.keys $keystone.keys (ne $swift.existingSecret "") }}
{{- range $store := list "BACKENDS__SWIFT" "STAGING" }}
{{ include "vitrine.secretVariable" (dict "name" (printf "VITRINE_STORES__%s__SWIFT__USER" $store) "secret" $secret "key" $keys.username) }}
{{ include "vitrine.secretVariable" (dict "name" (printf "VITRINE_STORES__%s__SWIFT__PASSWORD" $store) "secret" $secret "key" $keys.password) }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "vitrine.clusterEnv" -}}
{{- with .Values.cluster }}
{{- if .enabled }}
- {name: VITRINE_CLUSTER__ENABLED, value: "true"}
- {name: VITRINE_CLUSTER__DNS_NAME, value: {{ include "vitrine.fullname" $ }}-cluster}
- name: VITRINE_CLUSTER__HOST
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
{{ include "vitrine.secretVariable" (dict "name" "VITRINE_CLUSTER__SECRET" "secret" .existingSecret "key" .key) }}
{{- if .tls.enabled }}
- {name: VITRINE_CLUSTER__TLS__CERTIFICATE, value: /etc/vitrine-cluster-tls/tls.crt}
- {name: VITRINE_CLUSTER__TLS__KEY, value: /etc/vitrine-cluster-tls/tls.key}
- {name: VITRINE_CLUSTER__TLS__CA, value: /etc/vitrine-cluster-tls/ca.crt}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether the storage needs files of its own: volume and mount, as a list in YAML, of a dict with root and component. */}}
{{- define "vitrine.extraVolumes" -}}
{{- $values := .root.Values -}}
{{- $name := include "vitrine.fullname" .root -}}
{{- $scaled := include "vitrine.scaled" .root -}}
{{- if $scaled }}
{{- if eq $values.storage.kind "rbd" }}
- mount: {name: ceph, mountPath: /etc/ceph, readOnly: true}
  volume:
    name: ceph
    projected:
      defaultMode: 288
      sources:
        - configMap: {name: {{ $values.storage.rbd.existingConfigMap | default (printf "%s-ceph" $name) }}}
        - secret: {name: {{ $values.storage.rbd.keyringSecret }}}
{{- else if eq $values.storage.kind "file" }}
- mount: {name: images, mountPath: /images}
  volume:
    name: images
    persistentVolumeClaim: {claimName: {{ $values.storage.file.existingClaim | default (printf "%s-images" $name) }}}
{{- end }}
{{- if and $values.cluster.enabled $values.cluster.tls.enabled }}
- mount: {name: cluster-tls, mountPath: /etc/vitrine-cluster-tls, readOnly: true}
  volume:
    name: cluster-tls
    secret: {secretName: {{ $values.cluster.tls.existingSecret | default (printf "%s-cluster-tls" $name) }}, defaultMode: 288}
{{- end }}
{{- with $values.roots.configMap }}
- mount: {name: roots, mountPath: /etc/vitrine-roots, readOnly: true}
  volume:
    name: roots
    configMap: {name: {{ . }}}
{{- end }}
{{- end }}
{{- with $values.metadefs.configMap }}
- mount: {name: metadefs, mountPath: /etc/vitrine-metadefs, readOnly: true}
  volume:
    name: metadefs
    configMap: {name: {{ . }}}
{{- end }}
{{- if and (eq .component "api") $values.tls.enabled }}
- mount: {name: api-tls, mountPath: /etc/vitrine-api-tls, readOnly: true}
  volume:
    name: api-tls
    secret: {secretName: {{ $values.tls.existingSecret | default (printf "%s-api-tls" $name) }}, defaultMode: 288}
{{- end }}
{{- end -}}

{{/* Volumes of the node in which nothing is missed elsewhere, so that nodes may be removed, of a dict with root and component. */}}
{{- define "vitrine.localVolumes" -}}
{{- if not (include "vitrine.scaled" .root) -}}
tmp
{{- else if and (eq .component "worker") (eq .root.Values.worker.scratch.kind "emptyDir") -}}
data,tmp,scratch
{{- else -}}
data,tmp
{{- end -}}
{{- end -}}

{{- define "vitrine.scratch" -}}
{{- if eq .kind "volume" }}
ephemeral:
  volumeClaimTemplate:
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .storageClassName }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests: {storage: {{ .size }}}
{{- else }}
emptyDir: {sizeLimit: {{ .size }}}
{{- end }}
{{- end -}}

{{/* A sum over the Secrets that pods use; nothing where Helm does not ask a cluster. */}}
{{- define "vitrine.secretsSum" -}}
{{- if .Values.rollOnSecretChange -}}
{{- $found := list -}}
{{- $names := list .Values.database.existingSecret .Values.identity.keystone.existingSecret .Values.tokens.existingSecret .Values.storage.s3.existingSecret .Values.storage.rbd.keyringSecret .Values.storage.swift.existingSecret .Values.cluster.existingSecret -}}
{{- range $name := $names | uniq -}}
{{- with $name -}}
{{- with lookup "v1" "Secret" $.Release.Namespace . -}}
{{- $found = append $found .data -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $found }}{{ $found | toJson | sha256sum }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* Before the server: waits for the schema; its log says what is missing. */}}
{{- define "vitrine.schemaContainer" -}}
- name: schema
  image: {{ include "vitrine.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [db, check, --wait, 5m]
  env:
    {{- include "vitrine.databaseEnv" . | trim | nindent 4 }}
  terminationMessagePolicy: FallbackToLogsOnError
  resources:
    requests: {cpu: 50m, memory: 256Mi, ephemeral-storage: 16Mi}
    limits: {memory: 512Mi, ephemeral-storage: 128Mi}
  securityContext:
    {{- include "vitrine.containerSecurity" . | nindent 4 }}
  volumeMounts:
    {{- include "vitrine.databaseMounts" . | trim | nindent 4 }}
    - {name: tmp, mountPath: /tmp}
{{- end -}}

{{/* The server, of a dict with root, component, roles and pods (api or worker). */}}
{{- define "vitrine.serverContainer" -}}
{{- $root := .root -}}
- name: vitrine
  image: {{ include "vitrine.image" $root }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  args: [serve, --conf, /etc/vitrine/vitrine.yaml, --conf, /etc/vitrine/local.yaml]
  env:
    {{- include "vitrine.env" . | nindent 4 }}
    {{- with .pods.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .pods.extraEnvFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  ports:
    {{- if eq .component "api" }}
    - {name: api, containerPort: 9292}
    {{- end }}
    - {name: management, containerPort: 9293}
    - {name: cluster, containerPort: 5701}
    - {name: bus, containerPort: 15701}
  startupProbe:
    httpGet: {path: /health/started, port: management}
    periodSeconds: 2
    timeoutSeconds: 3
    failureThreshold: 90
  readinessProbe:
    httpGet: {path: /health/ready, port: management}
    periodSeconds: 5
    timeoutSeconds: 3
  livenessProbe:
    httpGet: {path: /health/live, port: management}
    periodSeconds: 10
    timeoutSeconds: 3
    failureThreshold: 6
    # What has not answered for a minute does not hear that it shall stop either.
    terminationGracePeriodSeconds: 30
  terminationMessagePolicy: FallbackToLogsOnError
  resources:
    {{- toYaml (ternary .pods.resources $root.Values.single.resources (eq $root.Values.mode "scaled")) | nindent 4 }}
  securityContext:
    {{- include "vitrine.containerSecurity" $root | nindent 4 }}
  volumeMounts:
    - {name: config, mountPath: /etc/vitrine, readOnly: true}
    - {name: data, mountPath: /var/lib/vitrine}
    {{- if eq .component "worker" }}
    - {name: scratch, mountPath: /scratch}
    {{- end }}
    - {name: tmp, mountPath: /tmp}
    {{- if include "vitrine.scaled" $root }}
    {{- include "vitrine.databaseMounts" $root | trim | nindent 4 }}
    {{- end }}
    {{- range fromYamlArray (include "vitrine.extraVolumes" .) }}
    - {{ toJson .mount }}
    {{- end }}
{{- end -}}
