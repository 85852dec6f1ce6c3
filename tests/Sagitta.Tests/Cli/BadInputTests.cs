namespace Sagitta.Tests.Cli;

/// <summary>What a user may give wrongly is one line and exit code 2.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("simulate muon FOLDER/a.npz --events 5 --first 9223372036854775807", "give 9223372036854775802 or less")]
    [InlineData("simulate muon FOLDER/a.npz --events 9223372036854775807 --first 1", "give 0 or less")]
    [InlineData("simulate muon FOLDER/a.npz --events 9223372036854775808", "is too large; give 9223372036854775807 or less")]
    [InlineData("simulate muon FOLDER/a.csv --events 3000000000", "give 1000000 or less")]
    [InlineData("simulate calorimeter FOLDER/a.csv --protons 2 --first 2147483647", "give 2147483645 or less")]
    [InlineData("simulate calorimeter FOLDER/a.csv --protons 2147483647 --first 1", "give 0 or less")]
    [InlineData("simulate calorimeter FOLDER/a.csv --protons 2 --first 3000000000", "too large; give 2147483647 or less")]
    [InlineData("simulate calorimeter FOLDER/a.csv --water 10,0", "'10,0' is no number that fits")]
    [InlineData("simulate calorimeter FOLDER/a.csv --water 1e4", "--water: A phantom of 10000 mm does not fit between")]
    [InlineData("simulate muon FOLDER/a.npz --events 1,000", "'1,000' is no whole number")]
    [InlineData("simulate muon FOLDER/a.npz --background 0,5", "'0,5' is no number that fits")]
    [InlineData("simulate muon FOLDER/a.npz --background 1e300", "too large; give 10000 or less")]
    [InlineData("simulate muon FOLDER/a.npz --smear 1e300", "too large; give 10000 or less")]
    [InlineData("simulate muon FOLDER/a.npz --smear -1", "-1 is too small; give 0 or more")]
    [InlineData("simulate muon FOLDER/a.npz --smear nan", "no number that fits")]
    [InlineData("simulate muon FOLDER/a.npz --threads 1000000000", "too large; give 1024 or less")]
    [InlineData("simulate muon FOLDER/a.npz --set digitisation.smear=-1", "field 'digitisation.smear': -1 is out of range")]
    [InlineData("simulate muon FOLDER/a.npz --set digitisation.smear=1e300", "field 'digitisation.smear'")]
    [InlineData("simulate muon FOLDER/a.npz --set digitisation.background.kHzPerCm2=[1,-5]", "kHzPerCm2[1]': -5 is out of range")]
    [InlineData("simulate muon FOLDER/a.npz --set digitisation.background.kHzPerCm2=[]", "the list is empty; give at least one")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex.momentum=[{low:\u00a00}]", "'vertex.momentum[0].low': 0 is out of range")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex.momentum=[{low:\u00a0-5}]", "'vertex.momentum[0].low': -5 is out of range")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex.momentum=[{low:\u00a040,high:\u00a030}]", "40 is above 'high', 30")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex.momentum=[{low:\u00a0NaN}]", "'NaN' is not what is expected")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex.momentum=[]", "no component has a weight")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex=0", "'0' is not what is expected; give fields")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex.angle=0.1 --set vertex.angle=0.2",
        "'vertex.angle=0.1' and 'vertex.angle=0.2' set one field twice")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex.angle=0.1 --set vertex={}", "set one field twice")]
    [InlineData("simulate muon FOLDER/a.npz --set vertex={?\u00a0[a]\u00a0:\u00a01}", "stands where its name should be")]
    [InlineData("train muon --out FOLDER/run --config FOLDER/empty.yaml --set training.epochs=0",
        "'training.epochs': 0 is out of range; give a value from 1 to")]
    [InlineData("train muon --out FOLDER/run --config FOLDER/empty.yaml --set training.learningRate=-1e-3", "-0.001 is out of range")]
    [InlineData("train muon --out FOLDER/run --config FOLDER/empty.yaml --set training.batchSize=0", "0 is out of range")]
    [InlineData("train muon --out FOLDER/run --config FOLDER/empty.yaml --set data.training=0", "0 is out of range")]
    [InlineData("train muon --out FOLDER/run --config FOLDER/empty.yaml --set loss.sharpness=NaN",
        "'NaN' is not what is expected; give a number")]
    [InlineData("train muon --out FOLDER/run --config FOLDER/empty.yaml --set network.headWidth=1000000000", "1000000000 is out of range")]
    [InlineData("train muon --out FOLDER/run --config FOLDER/empty.yaml --set data.trainingBackgrounds=[]", "the list is empty")]
    [InlineData("train calorimeter --out FOLDER/run --config FOLDER/empty.yaml --set training.steps=0", "0 is out of range")]
    [InlineData("train calorimeter --out FOLDER/run --config FOLDER/empty.yaml --set methods=[]", "the list is empty")]
    [InlineData("tune muon --config FOLDER/empty.yaml --set classical.positionCell=0", "0 is out of range")]
    [InlineData("landscape --out FOLDER/run --set curvature.tolerance=0", "0 is out of range")]
    [InlineData("simulate muon FOLDER/a.npz --detector FOLDER/field0.yaml", "field0.yaml', line 4, field 'field': without a field")]
    [InlineData("inspect FOLDER/field0.yaml", "without a field")]
    [InlineData("reconstruct muon FOLDER/t.csv --events FOLDER/table.npy", "this is a single array; save it as NPZ")]
    [InlineData("reconstruct muon FOLDER/t.npy --events FOLDER/hits.csv",
        "does not end in .csv, .csv.gz, .npz, .parquet, .arrow, .feather, .h5 or .hdf5")]
    [InlineData("reconstruct muon FOLDER/t.csv --events FOLDER/hits.csv --columns y=y,y=z", "'y' is given twice")]
    [InlineData("reconstruct muon FOLDER/t.csv --events FOLDER/hits.csv", "line 4, column 'y': '20,0' is not a number (decimal comma")]
    [InlineData("evaluate muon --events FOLDER/events.npz --background 40",
        "--background changes nothing here: the events of --events have")]
    [InlineData("reconstruct muon FOLDER/t.csv --events FOLDER/hits.csv --smear 0.1", "--smear changes nothing here")]
    [InlineData("evaluate muon --deposits FOLDER/a.csv --truth FOLDER/b.csv --columns y=z", "--columns changes nothing here")]
    [InlineData("import FOLDER/a.npz --hits FOLDER/hits.csv --background 20",
        "--background changes nothing here: hits are taken as they are")]
    [InlineData("import FOLDER/a.npz --acts FOLDER --columns y=z", "--columns changes nothing here")]
    [InlineData("reproduce muon --only wrong-field --publish FOLDER --out FOLDER/run", "--publish changes nothing here")]
    [InlineData("reproduce muon --data FOLDER --deposits FOLDER/a.csv --truth FOLDER/b.csv --out FOLDER/run",
        "--data and --deposits exclude")]
    [InlineData("reproduce calorimeter --full --config FOLDER/empty.yaml --out FOLDER/run", "--config and --full exclude each other")]
    [InlineData("image calorimeter --hits FOLDER/hits.csv --tracks truth --unassigned-price 0.9 --out FOLDER/run",
        "--unassigned-price changes nothing here: no network joins hits with --tracks truth")]
    [InlineData("image calorimeter --hits FOLDER/hits.csv --tracks follower --smallest-margin 0.1 --out FOLDER/run",
        "--smallest-margin changes nothing here")]
    [InlineData("tomography calorimeter --tracks truth --unassigned-price 0.9 --out FOLDER/run", "--unassigned-price changes nothing here")]
    [InlineData("evaluate endcap --events FOLDER/hits.csv --background 40", "--background changes nothing here")]
    [InlineData("evaluate endcap --deposits FOLDER/a.csv --truth FOLDER/b.csv --columns u=z", "--columns changes nothing here")]
    [InlineData("train endcap --deposits FOLDER/a.csv --truth FOLDER/b.csv --detector FOLDER/none.yaml --out FOLDER/run", "none.yaml")]
    public async Task It_is_told_in_one_line_with_exit_code_2(string line, string message)
    {
        using TemporaryFolder folder = new();
        string detector = await File.ReadAllTextAsync(TestData.InRepository("detectors", "toy16.yaml"));
        await File.WriteAllTextAsync(folder.File("field0.yaml"), detector.Replace("field: 1.0", "field: 0", StringComparison.Ordinal));
        await File.WriteAllTextAsync(folder.File("empty.yaml"), "");
        await File.WriteAllTextAsync(folder.File("hits.csv"), "event;plane;y\n1;0;20.0\n\n1;1;20,0\n");
        await File.WriteAllBytesAsync(folder.File("table.npy"), [0x93, .. "NUMPY\u0001\0"u8]);
        using StringWriter output = new(), error = new();
        string[] words = [.. line.Split(' ').Select(word =>
            word.Replace("FOLDER", folder.Name, StringComparison.Ordinal).Replace('\u00a0', ' '))];
        int code = await SagittaCommand.RunAsync(words, output, error);
        string told = error.ToString().TrimEnd().Split('\n')[^1];
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.StartsWith("sagitta: ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error.ToString(), StringComparison.Ordinal);
        Assert.Equal((2, ""), (code, output.ToString()));
        Assert.False(File.Exists(folder.File("a.npz")));
    }
}
