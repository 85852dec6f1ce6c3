namespace Sagitta.Tests.Core.Files;

public sealed class ShippedFileTests
{
    [Fact]
    public void Only_what_comes_with_the_program_is_called_by_its_place_there()
    {
        Assert.Equal("detectors/toy16.yaml", ShippedFile.NameOf(TestData.InRepository("detectors", "toy16.yaml")));
        Assert.Equal("models/muon/end-to-end.safetensors", ShippedFile.NameOf(
            TestData.InRepository("models", "muon", "end-to-end.safetensors")));
        Assert.Null(ShippedFile.NameOf(TestData.InRepository("README.md")));

        // A user's own folder of the same name, in a folder that may lie above the checkout.
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        string own = Path.Combine(folder.File("data"), "hits.csv");
        File.WriteAllText(own, "event,plane,y\n");
        Assert.Null(ShippedFile.NameOf(own));
        File.WriteAllText(folder.File("events.csv"), "event\n");
        Assert.Null(ShippedFile.NameOf(folder.File("events.csv")));
    }
}
