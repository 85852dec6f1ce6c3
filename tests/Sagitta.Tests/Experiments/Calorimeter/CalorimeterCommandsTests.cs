using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sagitta.Tests.Experiments.Calorimeter;

public sealed class CalorimeterCommandsTests : IDisposable
{
    private const int Protons = 50;
    private static readonly string _hits = TestData.InRepository("data", "geant4-dtc", "water200_test_hits.csv.gz");
    private readonly string _folder = Directory.CreateTempSubdirectory("sagitta").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("eventID", false, null)]
    [InlineData("frame", true, null)]
    [InlineData("frame", true, 0.7)]
    public void Tracks_of_hits_without_truth_are_those_that_evaluation_scores(string grouping, bool byColumn, double? price)
    {
        // Rows without trackID, parentID and pdg; the events that form frames, or the frames themselves.
        string[][] rows = [.. Lines(_hits).Select(line => line.Split(','))];
        string[] events = [.. rows.Skip(1).Select(row => row[0]).Distinct()];
        string hits = Path.Combine(_folder, "hits.csv");
        File.WriteAllLines(hits, rows.Skip(1)
            .Select(row => (Group: byColumn ? Array.IndexOf(events, row[0]) / Protons : int.Parse(row[0]), Row: row))
            .Where(row => !byColumn || row.Group < events.Length / Protons)
            .Select(row => string.Join(',', [.. row.Row[5..9], row.Row[4], $"{row.Group}"]))
            .Prepend($"posX,posY,posZ,edep,layer,{grouping}"));
        string output = Path.Combine(_folder, "tracks.csv");
        string summary = CalorimeterCommands.Reconstruct(
            new() { Hits = hits, Protons = Protons, FrameColumn = byColumn ? grouping : null, UnassignedPrice = price, Threads = 2 },
            [FilePart.All(output)], Stream.Null, SilentProgress.Instance, CancellationToken.None);

        // Reconstruction loses no event; evaluation compares full frames.
        Assert.StartsWith(byColumn ? "9 frames" : "10 frames", summary, StringComparison.Ordinal);
        Assert.Equal(!byColumn, summary.Contains("the last frame has ", StringComparison.Ordinal));

        using CalorimeterModel model = CalorimeterReconstructor.Read(null, null, price);
        using WorkerThreads threads = new(1);
        using CalorimeterEvaluation evaluation = new(threads);
        CalorimeterMetrics metrics = new(evaluation.Run(model,
            HitPreparation.Events(CalorimeterDepositReader.Read(_hits)).Frames(Protons)));
        Assert.Equal(metrics.Purity, Purity(output, rows[1..]));
        Assert.Equal(0.9, metrics.Purity, 0.1);

        // One thread writes the same file, and a compressed one holds the same text.
        string zipped = Path.Combine(_folder, "tracks.csv.gz");
        CalorimeterCommands.Reconstruct(
            new() { Hits = hits, Protons = Protons, FrameColumn = byColumn ? grouping : null, UnassignedPrice = price },
            [FilePart.All(zipped)], Stream.Null, SilentProgress.Instance, CancellationToken.None);
        Assert.Equal(File.ReadAllLines(output), Lines(zipped));
    }

    [Theory]
    [InlineData("hits.csv")]
    [InlineData("hits.csv.gz")]
    [InlineData("hits.npz")]
    [InlineData("hits.parquet")]
    public void Frames_of_a_long_file_are_the_same_in_parts_and_at_once(string name)
    {
        // Two hits an event, whose numbers leave gaps; in the first row's place a late one asks for all rows at once.
        const int Events = 9_950;
        int[] rows = [.. Enumerable.Range(0, 2 * Events)];
        string Tracks(string file, int[] order, string written, bool frames = false)
        {
            string path = Path.Combine(_folder, file);
            TableFile.Write(path,
            [
                OutputColumn.Of("eventID", "", [.. order.Select(row => 3L * (row / 2))]),
                OutputColumn.Of("frame", "", [.. order.Select(row => (long)(row / 200))]),
                OutputColumn.Of("hitID", "", order), OutputColumn.Of("layer", "", [.. order.Select(row => row % 2)]),
                OutputColumn.Of("posX", "mm", [.. order.Select(row => (row / 2 % 100 * 1.5) - 75)]),
                OutputColumn.Of("posY", "mm", [.. order.Select(row => row / 2 % 7 * 1.0)]),
                OutputColumn.Of("edep", "MeV", [.. order.Select(row => 0.02 + (row % 5 * 0.01))]),
            ]);
            string output = Path.Combine(_folder, written);
            string told = CalorimeterCommands.Reconstruct(new() { Hits = path, FrameColumn = frames ? "frame" : null, Threads = 2 },
                [FilePart.All(output)], Stream.Null, SilentProgress.Instance, CancellationToken.None);
            Assert.StartsWith("100 frames", told, StringComparison.Ordinal);
            Assert.Equal(!frames, told.Contains("the last frame has 50 events", StringComparison.Ordinal));
            return File.ReadAllText(output);
        }

        string whole = Tracks("shuffled-" + name, [rows[^1], .. rows[..^1]], "whole.csv");
        Assert.Equal(whole, Tracks(name, rows, "parts.csv"));
        Assert.Equal(whole, Tracks("frames-" + name, rows, "frames.csv", frames: true));
        Assert.Equal(100, whole.Split('\n').Skip(1).Where(row => row.Length > 0).Select(row => row.Split(',')[0]).Distinct().Count());
    }

    [Fact]
    public void Hits_without_identifiers_are_named_by_their_rows_in_the_whole_file()
    {
        string hits = Path.Combine(_folder, "hits.csv");
        File.WriteAllLines(hits, Enumerable.Range(0, 10_000).Select(row =>
            string.Create(CultureInfo.InvariantCulture, $"{row / 2},{row % 2},{row / 2 % 100},0,0.03"))
                .Prepend("eventID,layer,posX,posY,edep"));
        string output = Path.Combine(_folder, "tracks.csv");
        CalorimeterCommands.Reconstruct(new() { Hits = hits }, [FilePart.All(output)], Stream.Null, SilentProgress.Instance,
            CancellationToken.None);
        string[][] tracks = [.. File.ReadAllLines(output).Skip(1).Select(row => row.Split(','))];
        Assert.All(tracks, track => Assert.All(track[4].Split(';'), id =>
            Assert.Equal(track[0], $"{int.Parse(id, CultureInfo.InvariantCulture) / 200}")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Copies_of_rows_change_no_track(bool numbered)
    {
        string[][] rows = [.. Lines(_hits).Take(1500).Select(line => line.Split(','))];
        string[] Tracks(int times, string name)
        {
            string hits = Path.Combine(_folder, name);
            File.WriteAllLines(hits, rows.Skip(1).Index().SelectMany(row => Enumerable.Repeat(
                string.Join(',', row.Item[0], row.Item[4], row.Item[5], row.Item[6], row.Item[8], row.Index)
                    + (numbered ? "," + row.Item[1] : ""), times))
                .Prepend("eventID,layer,posX,posY,edep,hitID" + (numbered ? ",trackID" : "")));
            NotesAlone progress = new();
            string output = Path.Combine(_folder, "of-" + name);
            CalorimeterCommands.Reconstruct(new() { Hits = hits, Protons = 20 }, [FilePart.All(output)], Stream.Null, progress,
                CancellationToken.None);
            Assert.Equal(times > 1, progress.Notes.Any(note => note.EndsWith("hits are copies of others, and were left out",
                StringComparison.Ordinal)));
            return File.ReadAllLines(output);
        }

        Assert.Equal(Tracks(1, "once.csv"), Tracks(30, "often.csv"));
    }

    [Fact]
    public void Models_of_one_method_are_averaged_only_if_they_are_seeds_of_one_training()
    {
        string[] seeds = [.. new[] { 1, 2 }.Select(seed => TestData.InRepository("models", "calorimeter", $"ptt-seed{seed}.safetensors"))];
        string mean = Evaluate(seeds, new() { Hits = _hits, Protons = Protons });
        Assert.Equal(3, mean.TrimEnd().Split('\n').Length);
        string apart = Evaluate([seeds[0], seeds[0]], new() { Hits = _hits, Protons = Protons });
        Assert.Contains($"ptt of {seeds[0]}", apart, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("posX", 1, "")]
    [InlineData("edep", 1000, "warning: 100 % of the values of 'edep'")]
    [InlineData("edep", 0.001, "warning: none of 10 frames gives a track: mind the units of edep")]
    [InlineData("posX", 0.01, "of the values of 'x' are smaller than")]
    [InlineData("posZ", 0.1, "is not the place of layer 0")]
    public void Another_unit_is_told(string column, double factor, string expected)
    {
        string[] lines = [.. Lines(_hits)];
        int place = Array.IndexOf(lines[0].Split(','), column);
        string hits = Path.Combine(_folder, "units.csv");
        File.WriteAllLines(hits, lines.Select((line, i) =>
        {
            string[] row = line.Split(',');
            row[place] = i == 0 ? row[place]
                : (factor * double.Parse(row[place], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
            return string.Join(',', row);
        }));
        NotesAlone progress = new();
        try
        {
            CalorimeterCommands.Reconstruct(new() { Hits = hits, Protons = Protons },
                [FilePart.All(Path.Combine(_folder, "units-tracks.csv"))], Stream.Null, progress, CancellationToken.None);
        }
        catch (BadInputException problem)
        {
            progress.Note("warning: " + problem.Message);
        }

        string told = string.Join('\n', progress.Notes.Where(note => note.StartsWith("warning: ", StringComparison.Ordinal)));
        Assert.Equal(expected.Length == 0, told.Length == 0);
        Assert.Contains(expected, told, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_missing_is_said_at_once_and_only_evaluation_asks_for_the_truth()
    {
        string hits = Path.Combine(_folder, "hits.csv");
        File.WriteAllText(hits, "eventID,posX,posY,posZ,edep,layer\n0,0,0,0,0.1,0\n");
        BadInputException truth = Assert.Throws<BadInputException>(() =>
            Evaluate([], new() { Hits = hits, Protons = 1 }));
        Assert.Contains("'track' (number of the track in its event, which training and evaluation need)", truth.Message,
            StringComparison.Ordinal);
        Assert.Contains("'parent'", truth.Message, StringComparison.Ordinal);
        using CalorimeterModel model = CalorimeterReconstructor.Read(null, null);
        using FrameTraining training = new(model.Method);
        using ParameterVector<float> gradient = new(model.Network.Layout);
        Assert.Throws<InvalidOperationException>(() => training.Step(
            model, new(0, [new(0, 0, 0, 0, 0, 0.1)]), gradient, model.Network.CreateMoments(), 1));
        File.WriteAllText(hits, "posX,posY,edep\n0,0,0.1\n");
        BadInputException all = Assert.Throws<BadInputException>(() => CalorimeterFrame.Read(hits, frameColumn: "spill"));
        Assert.All(["'spill'", "'layer'", "'z'"], name => Assert.Contains(name, all.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_of_one_track_in_one_layer_are_one_hit_with_all_their_identifiers()
    {
        string hits = Path.Combine(_folder, "hits.csv");
        File.WriteAllText(hits, "hitID,eventID,trackID,parentID,posX,posY,posZ,edep,layer\n"
            + "70,0,1,0,0,0,10,0.1,0\n80,0,1,0,2,0,10,0.1,0\n90,0,1,0,1,0,20,0.1,1\n");
        CalorimeterFrame frame = Assert.Single(CalorimeterFrame.Read(hits, protonsPerFrame: 1));
        Assert.Equal([90], frame.IdsOf(0).ToArray());
        Assert.Equal([70, 80], frame.IdsOf(1).ToArray());
        Assert.Equal(new(70, 0, 1, 0, 10, 0.2f), frame[1]);
    }

    [Fact]
    public void Samples_name_their_water_whatever_their_files_are_called()
    {
        string copy = Path.Combine(_folder, "run7.csv.gz");
        File.Copy(_hits, copy);
        CalorimeterExperiment experiment = ConfigurationFile.Parse<CalorimeterExperiment>(
            $"data:\n  validationProtons: 50\n  samples:\n    - water: 180\n      train: {copy}\n      validation: {copy}\n      test: "
                + $"{copy}\n",
            "test");
        CalorimeterSource source = Assert.Single(CalorimeterSource.ReadAll(experiment));
        Assert.Equal(180, source.Water);
        Assert.Equal(source.Training.Count, source.Test.Count);
        Assert.Equal(6, source.Validation.Count);
    }

    [Theory]
    [InlineData("calorimeter.yaml")]
    [InlineData("calorimeter-250.yaml")]
    public void Shipped_experiment_takes_the_models_that_come_with_it_and_others_train(string experiment)
    {
        CalorimeterExperiment shipped = ConfigurationFile.Load<CalorimeterExperiment>(
            TestData.InRepository("experiments", experiment));
        foreach (CalorimeterMethodOptions method in shipped.Methods)
        {
            using CalorimeterModel? model = CalorimeterReproduction.Shipped(shipped, method, 1);
            Assert.Equal(method, model?.Method);
        }

        Assert.Null(CalorimeterReproduction.Shipped(
            shipped with { Training = shipped.Training with { Steps = 251 } }, shipped.Methods[0], 1));
    }

    [Fact]
    public void Tuned_model_carries_its_price()
    {
        string told = CalorimeterModelCommands.Tune(TestData.InRepository("experiments", "calorimeter-quick.yaml"),
            ["data.waters=[200]", "data.validationFrames=1"], null, _folder, 2, SilentProgress.Instance, CancellationToken.None);
        using CalorimeterModel before = CalorimeterReconstructor.Read(null, null);
        using CalorimeterModel model = CalorimeterReconstructor.Read(Path.Combine(_folder, "model.safetensors"), null);
        Assert.Null(before.Experiment.Tracks.UnassignedPrice);
        Assert.InRange(model.Experiment.Tracks.UnassignedPrice ?? double.NaN, 0.5, 1);
        Assert.Contains($"unassignedPrice: {model.Experiment.Tracks.UnassignedPrice}\n", told, StringComparison.Ordinal);
        Assert.Equal(before.Parameters.Values, model.Parameters.Values);
        Assert.NotEqual(ConfigurationFile.Write(before.Ranges!), ConfigurationFile.Write(model.Ranges!));
    }

    /// <summary>Everything but training, on the slices.</summary>
    [Fact]
    public void Reproduction_says_what_it_compared_and_how_it_chose()
    {
        RunSummary summary = new("", 0, 1);
        string text = CalorimeterCommands.Reproduce(new()
        {
            Experiment = ConfigurationFile.Load<CalorimeterExperiment>(CalorimeterCommands.ShippedExperiment(quick: false, full: false),
                ["seeds=2", "data.testProtons=[100]", "data.waters=[200]", "data.validationFrames=2", "data.testFrames=2",
                    "methods=[{name: predict-then-track}, {name: predict-and-track, lambda: 25}, "
                        + "{name: predict-and-track, largestChange: 0.5, margin: 0.25}]"]),
            Threads = 2,
        }, _folder, summary, SilentProgress.Instance, CancellationToken.None);
        Assert.Contains("paired differences", text, StringComparison.Ordinal);
        JsonNode found = JsonNode.Parse(summary.Sections["calorimeter"]!.ToJsonString())!;
        string chosen = found["chosen"]!.GetValue<string>();
        double Of(string label) => found["validation"]!.AsArray().Single(v => v!["label"]!.GetValue<string>() == label)![
            "validationPurity"]!
            .GetValue<double>();
        Assert.Equal(Math.Max(Of("pat-25"), Of("pat-scaled-0.5-margin-0.25")), Of(chosen));

        // Two paired differences of methods, one of the follower, three of the price, whose intervals hold them.
        JsonNode[] differences = [.. found["differences"]!.AsArray().OfType<JsonNode>()];
        Assert.Equal(6, differences.Length);
        Assert.All(differences, d => Assert.InRange(d["purityDifference"]!["value"]!.GetValue<double>(),
            d["purityDifference"]!["low"]!.GetValue<double>(), d["purityDifference"]!["high"]!.GetValue<double>()));
        Assert.Equal(["ptt", chosen, "ptt-priced", chosen + "-priced"],
            found["margins"]!.AsArray().Where(m => m!["aim"]!.GetValue<string>() == "purity").Select(m => m!["label"]!.GetValue<string>()));
        Assert.All(found["margins"]!.AsArray().Where(m => m!["aim"]!.GetValue<string>() == "efficiency"), m =>
            Assert.InRange(m!["efficiency"]!.GetValue<double>(), 0.4, m["efficiencyUncut"]!.GetValue<double>()));

        // Perfect tracker, follower, two methods without a price and with it, all four without a cut and with both cuts, once if equal.
        JsonNode[] ranges = [.. found["ranges"]!.AsArray().OfType<JsonNode>()];
        string Cut(JsonNode? margin) => $"{margin!["label"]} {margin["margin"]}";
        Assert.Equal(6 + found["margins"]!.AsArray().Select(Cut).Distinct().Count(), ranges.Length);
        Assert.InRange(ranges[0]["weplWidth"]!.GetValue<double>(), 3, 5);
        Assert.InRange(ranges[0]["rangePull"]!.GetValue<double>(), 0.6, 1.4);
        Assert.True(ranges[0]["weplWidth"]!.GetValue<double>() < ranges[1]["weplWidth"]!.GetValue<double>());
        Assert.Equal("perfect tracker", found["images"]![0]!["label"]!.GetValue<string>());
        Assert.Equal(["perfect tracker", "follower", "ptt", chosen, "ptt-priced", chosen + "-priced"],
            found["images"]!.AsArray().Select(image => image!["label"]!.GetValue<string>()));
        string page = File.ReadAllText(Path.Combine(_folder, "results.md"));
        Assert.Contains("10,000", page, StringComparison.Ordinal);
        Assert.DoesNotContain("comparisons hold", page, StringComparison.Ordinal);

        // Each network's image against that of every other: a claim, decided as its interval says.
        string[] claims = [.. page.Split('\n').Where(line => line.StartsWith("- radiograph: ", StringComparison.Ordinal))];
        Assert.Equal(6, claims.Length);
        Assert.All(claims, claim =>
        {
            Match interval = Regex.Match(claim, @"\[(\S+), (\S+)\] mm");
            double low = NumberText.Read<double>(interval.Groups[1].Value, "low");
            double high = NumberText.Read<double>(interval.Groups[2].Value, "high");
            Assert.EndsWith(high < 0 ? ") holds" : low > 0 ? ") does not hold" : ") is not decided", claim, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Pages_show_one_frame_after_another()
    {
        string page = Path.Combine(_folder, "frames.html");
        string line = CalorimeterExportCommands.Display(new() { Hits = _hits, Protons = Protons }, 2, 3, page, _ => { });
        Assert.Contains("frame 2 to 4", line, StringComparison.Ordinal);
        string text = File.ReadAllText(page);
        Assert.Equal(3, text.Split("<section class=\"page\">").Length - 1);
        Assert.Contains("Frame 3: ", text, StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => CalorimeterExportCommands.Display(
            new() { Hits = _hits, Protons = Protons }, 99, 1, page, _ => { }));
    }

    private static string Evaluate(IReadOnlyList<string> models, CalorimeterReconstructionRequest input) =>
        CalorimeterCommands.Evaluate(models, input, new("", 0, 1), _ => { }, 0, SharedSample.Alone)!;

    private static double Purity(string tracks, string[][] rows)
    {
        SortedDictionary<int, (int Candidates, int Correct)> frames = [];
        string[] lines = File.ReadAllLines(tracks);
        string[] header = lines[0].Split(',');
        foreach (string[] fields in lines.Skip(1).Select(line => line.Split(',')))
        {
            string[][] hits = [.. fields[Array.IndexOf(header, "hit_ids")].Split(';').Select(id => rows[int.Parse(id)])];
            Assert.Equal(hits.Length.ToString(), fields[Array.IndexOf(header, "hits")]);
            Assert.Equal(hits.Select(hit => hit[4]), fields[Array.IndexOf(header, "layers")].Split(';'));
            if (fields[Array.IndexOf(header, "status")] == "found")
            {
                int frame = int.Parse(fields[0]);
                (int candidates, int correct) = frames.GetValueOrDefault(frame);
                bool primary = hits.All(hit => hit[2] == "0");
                frames[frame] = (candidates + (primary ? 1 : 0),
                    correct + (primary && hits.All(hit => hit[0] == hits[0][0]) ? 1 : 0));
            }
        }

        return frames.Values.Take(9).Average(frame => (double)frame.Correct / frame.Candidates);
    }

    private static string[] Lines(string zipped)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(zipped), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class NotesAlone : IRunProgress
    {
        public List<string> Notes { get; } = [];

        public IStageProgress Begin(string name, long total, string unit) => SilentProgress.Instance;

        public void Note(string line) => Notes.Add(line);
    }
}
