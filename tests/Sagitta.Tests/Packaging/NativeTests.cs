namespace Sagitta.Tests.Packaging;

/// <summary>
/// The program of machine code for machines without .NET: it starts without one, and what it writes has the bits of the program that is
/// compiled when it runs, at the same vector width.
/// </summary>
[Trait("speed", "slow")]
[Trait("install", "native")]
public sealed class NativeTests(NativeTests.NativeProgram program) : IClassFixture<NativeTests.NativeProgram>
{
    private static readonly string[] _slice = ["--deposits", TestData.InRepository("data/geant4-toy16/slice_hits.csv.gz"), "--truth",
        TestData.InRepository("data/geant4-toy16/slice_truth.csv.gz"), "--background", "20"];

    private static readonly string[] _frames =
        ["--hits", TestData.InRepository("data/geant4-dtc/water150_test_hits.csv.gz"), "--protons-per-frame", "50"];

    public static TheoryData<string, string[]> Commands => new()
    {
        { "help.md", ["help", "--markdown"] },
        { "template.yaml", ["config", "muon"] },
        { "events.npz", ["simulate", "OUT", "--events", "40", "--background", "5"] },
        { "passages.csv", ["simulate", "calorimeter", "OUT", "--water", "150", "--protons", "50"] },
        { "tracks.csv", ["reconstruct", "muon", "OUT", .. _slice] },
        { "tracks.parquet", ["reconstruct", "muon", "OUT", .. _slice] },
        { "tracks.arrow", ["reconstruct", "muon", "OUT", .. _slice] },
        { "tracks.h5", ["reconstruct", "muon", "OUT", .. _slice] },
        { "searched.csv", ["reconstruct", "muon", "OUT", "--track-search", .. _slice] },
        { "protons.csv", ["reconstruct", "calorimeter", "OUT", .. _frames] },
        { "network.onnx", ["export", "model", "OUT"] },
        { "run/model.safetensors", ["train", "muon", "--config", TestData.InRepository("experiments/muon-quick.yaml"), "--out", "run",
            "--set", "data.training=128", "--set", "data.validation=64", "--set", "training.epochs=1"] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void Result_has_the_bits_of_the_other_program(string file, string[] command)
    {
        string[] arguments = [.. command.Select(word => word == "OUT" ? file : word)];
        Result Of(string kind, params string[] start)
        {
            string folder = Directory.CreateDirectory(Path.Combine(program.Folder, kind, Path.GetFileName(file))).FullName;
            string output = LocalFeed.Run("env", folder, [.. start, .. arguments]);
            string written = Path.Combine(folder, file);
            return new(output, File.Exists(written) ? File.ReadAllBytes(written) : []);
        }

        // x86-64-v3 has vectors of 256 bits.
        Result expected = Of("jit", "DOTNET_EnableAVX512=0", "dotnet", Path.Combine(AppContext.BaseDirectory, "sagitta.dll"));
        Result found = Of("native", program.File);
        Assert.Equal(expected.Output, found.Output);
        Assert.Equal(expected.Bytes, found.Bytes);
        Assert.True(expected.Bytes.Length + expected.Output.Length > 0);
    }

    [Fact]
    public void Program_runs_where_nothing_of_dotnet_is_found() => Assert.Contains(
        "reconstruct", LocalFeed.Run("env", program.Folder, "-i", program.File, "--help"), StringComparison.Ordinal);

    private sealed record Result(string Output, byte[] Bytes);

    /// <summary>The program, compiled by the documented command.</summary>
    public sealed class NativeProgram : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public NativeProgram()
        {
            LocalFeed.Dotnet(
                TestData.Root, "publish", "src/Sagitta.Cli", "-c", "Release", "-p:Native=x86-64-v3", "-o", Path.GetDirectoryName(File)!);
            Directory.CreateDirectory(Folder);
        }

        public string Folder => _folder.File("runs");

        public string File => _folder.File("native/sagitta");

        /// <inheritdoc />
        public void Dispose() => _folder.Dispose();
    }
}
