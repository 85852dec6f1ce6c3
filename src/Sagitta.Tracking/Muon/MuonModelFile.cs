using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sagitta.Tracking.Muon;

/// <summary>
/// Models as safetensors whose metadata hold all that reconstruction needs: method, readings, options of the stages and the detector. The
/// configuration of the training stands beside; older files have it alone, and name their detector.
/// </summary>
internal static class MuonModelFile
{
    private const string Kind = "sagitta muon model";
    private const string Reconstruction = "reconstruction";
    private const string DetectorText = "detector";
    private const string Ranges = "ranges";
    private const string ErrorScale = "errorScale";
    private const string OutlierReading = "readingWithOutlierRemoval";

    /// <summary>Writes a model, whole or not at all.</summary>
    public static void Write(string path, MuonModel model)
    {
        SafeTensorsWriter writer = new();
        writer.Metadata["kind"] = Kind;
        writer.Metadata["method"] = model.Method.Name;
        writer.Metadata["reading"] = Describe(model.Reading);
        if (model.OutlierReading is { } withRemoval)
        {
            writer.Metadata[OutlierReading] = Describe(withRemoval);
        }

        if (model.ErrorScale != 1)
        {
            writer.Metadata[ErrorScale] = model.ErrorScale.ToString("R", CultureInfo.InvariantCulture);
        }

        writer.Metadata[Reconstruction] = ConfigurationFile.Write(model.Experiment.Reconstruction);
        writer.Metadata[DetectorText] = DetectorFile.Write(model.Detector);
        writer.Metadata["experiment"] = ConfigurationFile.Write(model.Experiment);
        if (model.Ranges is { } ranges)
        {
            writer.Metadata[Ranges] = ConfigurationFile.Write(ranges);
        }

        writer.Add(model.Parameters);
        writer.Write(path);
    }

    // By detector, the default one first; the first of each is the default of reconstruction.
    private static readonly (string Detector, string[] Files)[] _shipped =
    [
        ("toy16-measured", ["toy16-measured/local", "toy16-measured/end-to-end", "toy16-measured/factorised"]),
        ("toy16", ["end-to-end", "factorised"]),
    ];

    /// <summary>The models that come with Sagitta for a detector, where there are none those for the default one; the first is the default
    /// of reconstruction.</summary>
    public static IReadOnlyList<string> Shipped(string? detector) =>
        [.. (Array.Find(_shipped, models => models.Detector == detector).Files ?? _shipped[0].Files)
            .Select(name => ShippedFile.Find($"models/muon/{name}.safetensors"))];

    /// <summary>Reads models of one detector.</summary>
    /// <exception cref="BadInputException">One can't be read, or they are of several detectors.</exception>
    public static IReadOnlyList<MuonModel> ReadAll(IReadOnlyList<string> paths)
    {
        MuonModel[] models = [.. paths.Select(Read)];
        return Array.Find(models, m => m.Detector.Name != models[0].Detector.Name) is { } other
            ? throw new BadInputException("the models", $"one is for '{models[0].Detector.Name}', another for '{other.Detector.Name}'",
                "take models of one detector at a time")
            : models;
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="BadInputException">The file is missing, damaged or no muon model.</exception>
    public static MuonModel Read(string path)
    {
        SafeTensorsReader reader = new(path);
        if (!reader.Metadata.TryGetValue("kind", out string? kind) || kind != Kind)
        {
            throw new BadInputException($"'{path}'", "this is no muon model", "give a model.safetensors that training wrote");
        }

        MuonExperiment experiment = reader.Metadata.TryGetValue("experiment", out string? stored)
            ? MuonExperiment.Stored(stored, path) : new();
        if (reader.Metadata.TryGetValue(Reconstruction, out string? options))
        {
            experiment = experiment.With(ConfigurationFile.Parse<MuonReconstructionOptions>(options, path));
        }
        else if (stored is null)
        {
            throw new BadInputException($"'{path}'", "it does not say how to reconstruct", "give a model.safetensors that training wrote");
        }

        ParameterVector<float> parameters = new(experiment.Reconstruction.Layout());
        reader.Check(parameters);
        reader.CopyTo(parameters);
        string method = reader.RequireMetadata("method");
        MuonModel model = new(MuonMethod.Parse(method) ?? throw new BadInputException($"'{path}'", $"it is of an unknown method '{method}'",
            "give a model.safetensors that training wrote"), experiment, parameters,
            ParseReading(path, reader.RequireMetadata("reading")))
        {
            OutlierReading = reader.Metadata.TryGetValue(OutlierReading, out string? removal) ? ParseReading(path, removal) : null,
            Ranges = reader.Metadata.TryGetValue(Ranges, out string? ranges) ? ConfigurationFile.Parse<InputRanges>(ranges, path) : null,
            ErrorScale = reader.Metadata.TryGetValue(ErrorScale, out string? scale) ? ParseScale(path, scale) : 1,
        };
        return reader.Metadata.TryGetValue(DetectorText, out string? detector)
            ? model with { Detector = DetectorFile.Parse(detector, path) } : model;
    }

    /// <summary>
    /// A short text that two models share only if they reconstruct alike: parameters, readings and configuration are the same, but for how
    /// they were trained.
    /// </summary>
    public static string Fingerprint(MuonModel model)
    {
        MuonExperiment experiment = model.Experiment;
        string stages = string.Create(CultureInfo.InvariantCulture,
            $"{experiment.Detector} {experiment.Seed} {experiment.ChargeWeighted}\n")
            + ConfigurationFile.Write(experiment.Graph)
            + ConfigurationFile.Write(experiment.Network)
            + ConfigurationFile.Write(experiment.Clustering)
            + (experiment.Measurement.Enabled ? ConfigurationFile.Write(experiment.Measurement) : "")
            + (model.ErrorScale != 1 ? model.ErrorScale.ToString("R", CultureInfo.InvariantCulture) : "")
            + ConfigurationFile.Write(experiment.Fit)
            + ConfigurationFile.Write(experiment.Classical);
        string settings =
            $"{model.Method}; {Describe(model.Reading)}; {(model.OutlierReading is { } removal ? Describe(removal) : "")}; {stages}";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(settings));
        hash.AppendData(MemoryMarshal.AsBytes((ReadOnlySpan<float>)model.Parameters.Values));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A reading as a text: its name and its numbers.</summary>
    public static string Describe(MuonReading reading) => reading switch
    {
        MuonReading.Soft soft => string.Create(CultureInfo.InvariantCulture, $"soft {soft.Sharpness:R} {soft.HalfWeightLogit:R}"),
        MuonReading.Hard hard => string.Create(CultureInfo.InvariantCulture, $"hard {hard.Threshold:R}"),
        MuonReading.Calibrated calibrated => string.Create(
            CultureInfo.InvariantCulture, $"calibrated {calibrated.Slope:R} {calibrated.Offset:R}"),
        _ => throw new NotSupportedException($"The reading {reading.Name} has no form in files: add one here."),
    };

    private static double ParseScale(string path, string text) =>
        NumberText.TryRead(text, out double scale) && scale > 0 && double.IsFinite(scale)
            ? scale : throw new BadInputException($"'{path}', '{ErrorScale}'", $"'{text}' is no factor of an error",
                "the file is damaged: train again or use another model");

    private static MuonReading ParseReading(string path, string text)
    {
        string[] words = text.Split(' ');
        double[] numbers = new double[words.Length - 1];
        bool fine = true;
        for (int i = 0; i < numbers.Length; i++)
        {
            fine &= NumberText.TryRead(words[i + 1], out numbers[i]);
        }

        return (fine, words[0], numbers) switch
        {
            (true, "soft", [double sharpness, double halfWeightLogit]) => new MuonReading.Soft(sharpness, halfWeightLogit),
            (true, "hard", [double threshold]) => new MuonReading.Hard(threshold),
            (true, "calibrated", [double slope, double offset]) => new MuonReading.Calibrated(slope, offset),
            _ => throw new BadInputException($"'{path}', 'reading'", $"'{text}' is no reading",
                "the file is damaged: train again or use another model"),
        };
    }
}
