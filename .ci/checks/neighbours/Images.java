import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.openstack4j.api.Builders;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.api.image.v2.ImageService;
import org.openstack4j.model.common.ActionResponse;
import org.openstack4j.model.common.Identifier;
import org.openstack4j.model.common.Payloads;
import org.openstack4j.model.image.v2.ContainerFormat;
import org.openstack4j.model.image.v2.DiskFormat;
import org.openstack4j.model.image.v2.Image;
import org.openstack4j.model.image.v2.Image.ImageStatus;
import org.openstack4j.model.image.v2.Member.MemberStatus;
import org.openstack4j.model.image.v2.Task.TaskStatus;
import org.openstack4j.openstack.OSFactory;
import org.openstack4j.openstack.image.v2.domain.GlanceImageUpdate;
import org.openstack4j.openstack.image.v2.domain.PatchOperation;
import org.openstack4j.openstack.image.v2.domain.PatchOperation.OperationType;

/** The life of images by openstack4j. Prints a line "ok   STEP" or "FAIL STEP" for each step. */
class Images {

    static final File RAW = new File(System.getenv("RAW_FILE"));
    static final String ALT = System.getenv("ALT_PROJECT");

    static ImageService demo;
    static ImageService alt;
    static ImageService admin;

    public static void main(String... arguments) throws Exception {
        demo = signIn("demo");
        String image = create();
        data(image);
        update(image);
        tags(image);
        lists(image);
        members(image);
        deactivation(image);
        task();
        delete(image);
    }

    /** The client keeps who signed in last for the thread, so each call of another user follows its own signing in. */
    static ImageService signIn(String user) {
        OSClientV3 client = OSFactory.builderV3()
            .endpoint(System.getenv("OS_AUTH_URL"))
            .credentials(user, System.getenv("OS_PASSWORD"), Identifier.byName("Default"))
            .scopeToProject(Identifier.byName(user), Identifier.byName("Default"))
            .authenticate();
        return client.useRegion("RegionOne").imagesV2();
    }

    static String create() {
        Image image = demo.create(Builders.imageV2().name("java").diskFormat(DiskFormat.RAW)
            .containerFormat(ContainerFormat.BARE).minDisk(1L).minRam(64L).osDistro("debian")
            .additionalProperty("hw_disk_bus", "scsi").tags(List.of("one", "two")).build());
        equal("created", image.getStatus(), ImageStatus.QUEUED);
        equal("its owner", image.getOwner(), System.getenv("DEMO_PROJECT"));
        equal("its properties", image.getOsDistro() + " " + image.getAdditionalPropertyValue("hw_disk_bus"), "debian scsi");
        equal("its tags", image.getTags().stream().sorted().toList(), List.of("one", "two"));
        equal("its date is now", Math.abs(image.getCreatedAt().getTime() - new Date().getTime()) < 60_000, true);
        return image.getId();
    }

    static void data(String id) throws Exception {
        Image queued = demo.get(id);
        done("uploaded", demo.upload(id, Payloads.create(RAW), queued), 204);
        Image image = demo.get(id);
        equal("active", image.getStatus(), ImageStatus.ACTIVE);
        equal("its size", image.getSize(), RAW.length());
        byte[] bytes = Files.readAllBytes(RAW.toPath());
        equal("its checksum", image.getChecksum(), HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)));
        Path copy = Path.of(System.getenv("WORK"), "java.raw");
        done("downloaded", demo.download(id, copy.toFile()), 200);
        equal("its data", Arrays.equals(Files.readAllBytes(copy), bytes), true);
        done("data twice", demo.upload(id, Payloads.create(RAW), image), 409);
    }

    static void update(String id) {
        Image image = demo.update(demo.get(id).toBuilder().name("renamed").minRam(128L).additionalProperty("os_type", "linux").build());
        equal("an update", image.getName() + " " + image.getMinRam() + " " + image.getAdditionalPropertyValue("os_type"),
            "renamed 128 linux");
        image = demo.update(id, change(OperationType.REPLACE, "/hw_disk_bus", "virtio"));
        equal("a patch", image.getAdditionalPropertyValue("hw_disk_bus"), "virtio");
        image = demo.update(id, change(OperationType.ADD, "/protected", true));
        equal("protected", image.getIsProtected(), true);
        done("a protected image stays", demo.delete(id), 403);
        demo.update(id, change(OperationType.REPLACE, "/protected", false));
        refused("not public by anybody", () -> demo.update(id, change(OperationType.REPLACE, "/visibility", "public")), 403);
        refused("no such property", () -> demo.update(id, change(OperationType.REMOVE, "/none", null)), 409);
    }

    static GlanceImageUpdate change(OperationType operation, String path, Object value) {
        return new GlanceImageUpdate(List.of(new PatchOperation(operation, path, value)));
    }

    static void tags(String id) {
        done("a tag", demo.updateTag(id, "three"), 204);
        done("a tag less", demo.deleteTag(id, "one"), 204);
        equal("the tags", demo.get(id).getTags().stream().sorted().toList(), List.of("three", "two"));
        done("no such tag", demo.deleteTag(id, "one"), 404);
    }

    static void lists(String id) {
        equal("in the list", demo.list().stream().anyMatch(image -> image.getId().equals(id)), true);
        equal("by name", demo.list(Map.of("name", "renamed")).stream().map(Image::getId).toList(), List.of(id));
        var linux = demo.list(Map.of("tag", "three", "os_type", "linux"));
        equal("by tag and property", linux.stream().map(Image::getId).toList(), List.of(id));
        equal("by another status", demo.list(Map.of("status", "queued", "name", "renamed")).size(), 0);
        equal("no such image", demo.get("7b9a3f55-55c8-4b2e-8a67-1d5d4d0f0c99"), null);
    }

    static void members(String id) {
        alt = signIn("alt");
        equal("another project does not see it", alt.get(id), null);
        demo = signIn("demo");
        equal("a member", demo.createMember(id, ALT).getStatus(), MemberStatus.PENDING);
        refused("a member twice", () -> demo.createMember(id, ALT), 409);
        alt = signIn("alt");
        equal("sees it", alt.get(id).getId(), id);
        equal("accepts it", alt.updateMember(id, ALT, MemberStatus.ACCEPTED).getStatus(), MemberStatus.ACCEPTED);
        equal("has it in its list", alt.list(Map.of("name", "renamed")).size(), 1);
        done("does not delete it", alt.delete(id), 403);
        demo = signIn("demo");
        equal("the members", demo.listMembers(id).stream().map(member -> member.getMemberId()).toList(), List.of(ALT));
        equal("one member", demo.getMember(id, ALT).getImageId(), id);
        done("a member less", demo.deleteMember(id, ALT), 204);
        equal("no member", demo.listMembers(id).size(), 0);
    }

    static void deactivation(String id) {
        done("deactivated", demo.deactivate(id), 204);
        File none = new File(System.getenv("WORK"), "none");
        equal("its data are out of reach", demo.download(id, none) + " " + none.exists(), "null false");
        alt = signIn("alt");
        done("not reactivated by others", alt.reactivate(id), 404);
        admin = signIn("admin");
        done("reactivated by an administrator", admin.reactivate(id), 204);
    }

    static void task() throws InterruptedException {
        var made = admin.tasks().create(Builders.taskBuilder().type("import").input(Map.of("import_from",
            System.getenv("RAW_URL"), "import_from_format", "raw", "image_properties",
            Map.of("name", "by a task", "disk_format", "raw", "container_format", "bare"))).build());
        equal("a task", made.getType(), "import");
        TaskStatus status = made.getStatus();
        for (int tries = 0; tries < 300 && status != TaskStatus.SUCCESS && status != TaskStatus.FAILURE; tries++) {
            Thread.sleep(100);
            status = admin.tasks().get(made.getId()).getStatus();
        }
        equal("succeeds", status, TaskStatus.SUCCESS);
        equal("in the list", admin.tasks().list().stream().anyMatch(task -> task.getId().equals(made.getId())), true);
        String image = admin.tasks().get(made.getId()).getResult().get("image_id");
        equal("its image", admin.get(image).getStatus(), ImageStatus.ACTIVE);
        done("deleted", admin.delete(image), 204);
    }

    static void delete(String id) {
        demo = signIn("demo");
        done("deleted", demo.delete(id), 204);
        equal("gone", demo.get(id), null);
        done("not deleted twice", demo.delete(id), 404);
    }

    static void equal(String what, Object got, Object want) {
        boolean same = Objects.equals(got, want);
        System.out.println((same ? "ok   " : "FAIL ") + what + ": " + (same ? got : "got " + got + ", wanted " + want));
    }

    static void done(String what, ActionResponse response, int status) {
        equal(what, response.getCode(), status);
    }

    static void refused(String what, Supplier<?> action, int status) {
        try {
            equal(what, action.get(), status);
        } catch (ResponseException error) {
            equal(what, error.getStatus(), status);
        }
    }
}
