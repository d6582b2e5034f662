// The life of images by gophercloud, where its acceptance tests do not go: data, imports, members, who sees what.
package main

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/imagedata"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/imageimport"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/images"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/members"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/tasks"
	"github.com/gophercloud/gophercloud/pagination"
)

var raw []byte

func main() {
	var err error
	raw, err = os.ReadFile(os.Getenv("RAW_FILE"))
	stopAt(err)
	demo, alt := signIn("demo"), signIn("alt")
	image := create(demo)
	data(demo, image)
	update(demo, image)
	lists(demo, image)
	share(demo, alt, image)
	glanceDirect(demo)
	webDownload(demo)
	refusals(demo)
	remove(demo, image)
}

func create(demo *gophercloud.ServiceClient) string {
	shared := images.ImageVisibilityShared
	image, err := images.Create(demo, images.CreateOpts{Name: "gopher", DiskFormat: "raw", ContainerFormat: "bare", MinDisk: 1, MinRAM: 64,
		Visibility: &shared, Tags: []string{"one", "two"}, Properties: map[string]string{"os_type": "linux"}}).Extract()
	stopAt(err)
	equal("created", image.Status, images.ImageStatusQueued)
	equal("its owner", image.Owner, os.Getenv("DEMO_PROJECT"))
	equal("its tags", len(image.Tags), 2)
	equal("its property", image.Properties["os_type"], "linux")
	equal("its schema and file", image.Schema+" "+image.File, "/v2/schemas/image /v2/images/"+image.ID+"/file")
	equal("its date is now", time.Since(image.CreatedAt) < time.Minute, true)
	return image.ID
}

func data(demo *gophercloud.ServiceClient, id string) {
	// The library takes no other answer than 200 for a download, but Glance answers so as well.
	_, err := imagedata.Download(demo, id).Extract()
	refused("no data yet", err, 204)
	stopAt(imagedata.Upload(demo, id, bytes.NewReader(raw)).ExtractErr())
	image, err := images.Get(demo, id).Extract()
	stopAt(err)
	equal("uploaded", image.Status, images.ImageStatusActive)
	equal("its size", image.SizeBytes, int64(len(raw)))
	equal("its checksum", image.Checksum, fmt.Sprintf("%x", md5.Sum(raw)))
	equal("downloaded", sameData(demo, id), true)
	refused("data twice", imagedata.Upload(demo, id, bytes.NewReader(raw)).ExtractErr(), 409)
}

func update(demo *gophercloud.ServiceClient, id string) {
	image, err := images.Update(demo, id, images.UpdateOpts{
		images.ReplaceImageName{NewName: "renamed"},
		images.ReplaceImageTags{NewTags: []string{"three"}},
		protect(true),
		images.UpdateImageProperty{Op: images.AddOp, Name: "os_distro", Value: "debian"},
		images.UpdateImageProperty{Op: images.ReplaceOp, Name: "os_type", Value: "bsd"},
	}).Extract()
	stopAt(err)
	equal("renamed", image.Name, "renamed")
	equal("tagged", fmt.Sprint(image.Tags), "[three]")
	equal("with properties", image.Properties["os_distro"].(string)+" "+image.Properties["os_type"].(string), "debian bsd")
	refused("a protected image stays", images.Delete(demo, id).ExtractErr(), 403)
	_, err = images.Update(demo, id, images.UpdateOpts{protect(false)}).Extract()
	stopAt(err)
	_, err = images.Update(demo, id, images.UpdateOpts{images.UpdateVisibility{Visibility: images.ImageVisibilityPublic}}).Extract()
	refused("not public by anybody", err, 403)
	_, err = images.Update(demo, id, images.UpdateOpts{images.UpdateImageProperty{Op: images.RemoveOp, Name: "none"}}).Extract()
	refused("no such property", err, 409)
}

// protect is a change that this release of the library has no type for.
type protect bool

func (protected protect) ToImagePatchMap() map[string]interface{} {
	return map[string]interface{}{"op": "replace", "path": "/protected", "value": bool(protected)}
}

func lists(demo *gophercloud.ServiceClient, id string) {
	var made []string
	for number := 0; number < 5; number++ {
		image, err := images.Create(demo, images.CreateOpts{Name: fmt.Sprint("page ", number), Tags: []string{"page"}}).Extract()
		stopAt(err)
		made = append(made, image.ID)
	}
	pages, names := 0, ""
	options := images.ListOpts{Tags: []string{"page"}, Limit: 2, Sort: "name:desc"}
	err := images.List(demo, options).EachPage(func(page pagination.Page) (bool, error) {
		pages++
		found, err := images.ExtractImages(page)
		for _, image := range found {
			names += image.Name[5:]
		}
		return true, err
	})
	stopAt(err)
	equal("page after page", fmt.Sprint(pages, " ", names), "3 43210")
	equal("by name", found(demo, images.ListOpts{Name: "renamed"}), "["+id+"]")
	equal("by name of several", found(demo, images.ListOpts{Name: "in:renamed,other"}), "["+id+"]")
	equal("by size", found(demo, images.ListOpts{SizeMin: 1, SizeMax: int64(len(raw)), Tags: []string{"three"}}), "["+id+"]")
	equal("by status and date", found(demo, images.ListOpts{Status: images.ImageStatusActive, Tags: []string{"three"},
		UpdatedAtQuery: &images.ImageDateQuery{Date: time.Now().Add(-time.Hour), Filter: images.FilterGT}}), "["+id+"]")
	equal("by another date", found(demo, images.ListOpts{Tags: []string{"three"},
		UpdatedAtQuery: &images.ImageDateQuery{Date: time.Now().Add(-time.Hour), Filter: images.FilterLT}}), "[]")
	for _, each := range made {
		stopAt(images.Delete(demo, each).ExtractErr())
	}
}

func share(demo, alt *gophercloud.ServiceClient, id string) {
	_, err := images.Get(alt, id).Extract()
	refused("another project does not see it", err, 404)
	member, err := members.Create(demo, id, os.Getenv("ALT_PROJECT")).Extract()
	stopAt(err)
	equal("a member", member.Status, "pending")
	_, err = images.Get(alt, id).Extract()
	equal("sees it", err, nil)
	equal("has its data", sameData(alt, id), true)
	equal("but not in its list", found(alt, images.ListOpts{Name: "renamed"}), "[]")
	member, err = members.Update(alt, id, member.MemberID, members.UpdateOpts{Status: "accepted"}).Extract()
	stopAt(err)
	equal("accepts it", member.Status, "accepted")
	equal("now in its list", found(alt, images.ListOpts{Name: "renamed", MemberStatus: images.ImageMemberStatusAccepted}), "["+id+"]")
	page, err := members.List(demo, id).AllPages()
	stopAt(err)
	all, err := members.ExtractMembers(page)
	stopAt(err)
	equal("the members", len(all), 1)
	shown, err := members.Get(demo, id, member.MemberID).Extract()
	stopAt(err)
	equal("one member", shown.ImageID+" "+shown.Status, id+" accepted")
	_, err = members.Create(demo, id, member.MemberID).Extract()
	refused("a member twice", err, 409)
	refused("a member deletes no image", images.Delete(alt, id).ExtractErr(), 403)
	equal("a member is removed", members.Delete(demo, id, member.MemberID).ExtractErr(), nil)
	_, err = images.Get(alt, id).Extract()
	refused("and sees it no more", err, 404)
}

func glanceDirect(demo *gophercloud.ServiceClient) {
	id := empty(demo)
	stopAt(imagedata.Stage(demo, id, bytes.NewReader(raw)).ExtractErr())
	image, err := images.Get(demo, id).Extract()
	stopAt(err)
	equal("staged", string(image.Status), "uploading")
	stopAt(imageimport.Create(demo, id, imageimport.CreateOpts{Name: imageimport.GlanceDirectMethod}).ExtractErr())
	equal("imported from the stage", becomesActive(demo, id), true)
	equal("its data", sameData(demo, id), true)
	stopAt(images.Delete(demo, id).ExtractErr())
}

func webDownload(demo *gophercloud.ServiceClient) {
	info, err := imageimport.Get(demo).Extract()
	stopAt(err)
	equal("the methods of import", fmt.Sprint(info.ImportMethods.Value), "[glance-direct web-download copy-image]")
	id := empty(demo)
	stopAt(imageimport.Create(demo, id, imageimport.CreateOpts{Name: imageimport.WebDownloadMethod, URI: os.Getenv("RAW_URL")}).ExtractErr())
	equal("imported from a web server", becomesActive(demo, id), true)
	equal("its data", sameData(demo, id), true)
	stopAt(images.Delete(demo, id).ExtractErr())
}

func refusals(demo *gophercloud.ServiceClient) {
	_, err := images.Create(demo, images.CreateOpts{Name: "x", DiskFormat: "nonsense"}).Extract()
	refused("a format that is none", err, 400)
	_, err = tasks.Create(demo, tasks.CreateOpts{Type: "import", Input: map[string]interface{}{}}).Extract()
	refused("a task by a member", err, 403)
	_, err = images.Get(demo, "none").Extract()
	refused("no such image", err, 404)
	id := empty(demo)
	err = imageimport.Create(demo, id, imageimport.CreateOpts{Name: imageimport.GlanceDirectMethod}).ExtractErr()
	refused("an import without data", err, 409)
	stopAt(images.Delete(demo, id).ExtractErr())
}

func remove(demo *gophercloud.ServiceClient, id string) {
	equal("deleted", images.Delete(demo, id).ExtractErr(), nil)
	_, err := images.Get(demo, id).Extract()
	refused("gone", err, 404)
	refused("not deleted twice", images.Delete(demo, id).ExtractErr(), 404)
}

func empty(client *gophercloud.ServiceClient) string {
	image, err := images.Create(client, images.CreateOpts{Name: "empty", DiskFormat: "raw", ContainerFormat: "bare"}).Extract()
	stopAt(err)
	return image.ID
}

func becomesActive(client *gophercloud.ServiceClient, id string) bool {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		image, err := images.Get(client, id).Extract()
		stopAt(err)
		if image.Status == images.ImageStatusActive {
			return true
		}
	}
	return false
}

func found(client *gophercloud.ServiceClient, options images.ListOpts) string {
	page, err := images.List(client, options).AllPages()
	stopAt(err)
	all, err := images.ExtractImages(page)
	stopAt(err)
	ids := []string{}
	for _, image := range all {
		ids = append(ids, image.ID)
	}
	return fmt.Sprint(ids)
}

func sameData(client *gophercloud.ServiceClient, id string) bool {
	reader, err := imagedata.Download(client, id).Extract()
	stopAt(err)
	read, err := io.ReadAll(reader)
	stopAt(err)
	return bytes.Equal(read, raw)
}

func signIn(user string) *gophercloud.ServiceClient {
	provider, err := openstack.AuthenticatedClient(gophercloud.AuthOptions{IdentityEndpoint: os.Getenv("OS_AUTH_URL"), Username: user,
		Password: os.Getenv("OS_PASSWORD"), DomainName: "Default", TenantName: user})
	stopAt(err)
	client, err := openstack.NewImageServiceV2(provider, gophercloud.EndpointOpts{Region: "RegionOne"})
	stopAt(err)
	return client
}

func equal(what string, got, want interface{}) {
	if got == want {
		fmt.Printf("ok   %s: %v\n", what, got)
	} else {
		fmt.Printf("FAIL %s: got %v, wanted %v\n", what, got, want)
	}
}

// refused prints a step that wants an error with a status.
func refused(what string, err error, status int) {
	unexpected, is := err.(gophercloud.ErrUnexpectedResponseCode)
	switch each := err.(type) {
	case gophercloud.ErrDefault400:
		unexpected, is = each.ErrUnexpectedResponseCode, true
	case gophercloud.ErrDefault403:
		unexpected, is = each.ErrUnexpectedResponseCode, true
	case gophercloud.ErrDefault404:
		unexpected, is = each.ErrUnexpectedResponseCode, true
	case gophercloud.ErrDefault409:
		unexpected, is = each.ErrUnexpectedResponseCode, true
	}
	if is {
		equal(what, unexpected.Actual, status)
	} else {
		equal(what, err, status)
	}
}

func stopAt(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%v\n", err)
		panic(err)
	}
}
