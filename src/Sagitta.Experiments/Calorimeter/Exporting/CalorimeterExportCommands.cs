namespace Sagitta.Experiments.Calorimeter.Exporting;

/// <summary>"display" and "export" for calorimeters without their command lines.</summary>
internal static class CalorimeterExportCommands
{
    /// <summary>Frames with the tracks of a model as a page, which turns from one to the next; returns a line for the user. Without truth
    /// nothing is marked as wrong.</summary>
    /// <param name="input">The hits, and the model.</param>
    /// <param name="number">Number of the first frame shown; null for the first of all.</param>
    /// <param name="most">How many frames.</param>
    /// <param name="page">HTML file to write.</param>
    /// <param name="note">Gets sentences about what the file leaves out.</param>
    public static string Display(CalorimeterReconstructionRequest input, long? number, int most, string page, Action<string> note)
    {
        using CalorimeterModel model = CalorimeterReconstructor.Read(input.Model, input.Detector, input.UnassignedPrice);
        IReadOnlyList<CalorimeterFrame> frames = CalorimeterCommands.Frames(input, model.Geometry, note);
        if (frames.Count == 0)
        {
            throw new BadInputException($"'{input.Hits}'", "there are no hits", "give a file with hits");
        }

        int first = number is null ? 0 : Enumerable.Range(0, frames.Count).FirstOrDefault(i => frames[i].Number == number, -1);
        if (first < 0)
        {
            throw new BadInputException($"frame {number}", "there is no frame of this number",
                string.Create(CultureInfo.InvariantCulture, $"give a number from {frames[0].Number} to {frames[^1].Number}"));
        }

        CalorimeterFrame[] shown = [.. frames.Skip(first).Take(most)];
        EventDisplay[] displays = [.. shown.Select(frame => CalorimeterReport.Picture(frame, model))];
        string title = string.Create(CultureInfo.InvariantCulture, $"Frame {shown[0].Number}")
            + (shown.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $" to {shown[^1].Number}") : "");
        if (displays.Length == 1)
        {
            ReportWriter.WriteEvent(page, "Frame", shown[0].Number, displays[0], model.Geometry.Calorimeter.Name);
        }
        else
        {
            ReportWriter.WriteFile(page, new(title, [new Pages(displays)]) { Subtitle = model.Geometry.Calorimeter.Name });
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{page}: {char.ToLowerInvariant(title[0])}{title[1..]} with {shown.Sum(frame => frame.Count)} hits");
    }

    /// <summary>A model for other tools: .onnx for its network, .npz for its weights; returns a line for the user.</summary>
    public static string ExportModel(string? modelPath, string file)
    {
        using CalorimeterModel model = CalorimeterReconstructor.Read(modelPath, detector: null);
        ModelExport.Write(file, path => CalorimeterOnnx.Write(path, model), model.Network.Layout, model.Parameters,
            ("method", ConfigurationFile.Write(model.Method)), ("experiment", ConfigurationFile.Write(model.Experiment)));
        return $"{file}: {model.Method.Label}";
    }

    /// <summary>
    /// The graphs of the first frames as a model's network takes them, laid end to end: for the line graph segments, links and their
    /// encoded angles, for the hit graph hits and segments. Returns a line for the user.
    /// </summary>
    public static string ExportGraphs(CalorimeterReconstructionRequest input, int most, string file, Action<string> note)
    {
        TableFile.CheckName(file);
        using CalorimeterModel model = CalorimeterReconstructor.Read(input.Model, input.Detector);
        CalorimeterFrame[] frames = [.. CalorimeterCommands.Frames(input, model.Geometry, note).Take(most)];
        GraphOutput.Write(file, path => WriteGraphs(path, model, frames));
        return string.Create(CultureInfo.InvariantCulture, $"{file}: graphs of {frames.Length} frames");
    }

    private static void WriteGraphs(string file, CalorimeterModel model, CalorimeterFrame[] frames)
    {
        using NpzWriter writer = new(file);
        writer.AddText("format", "sagitta-segment-graphs-1");
        writer.Add<long>("frame", [.. frames.Select(f => (long)f.Number)]);
        if (model.Network.Options.Graph == ScoredGraph.Hit)
        {
            WriteHitGraphs(writer, model, frames);
        }
        else
        {
            WriteLineGraphs(writer, model, frames);
        }

        writer.Commit();
    }

    /// <summary>The hits of all frames as the chain takes them, merged and with small clusters dropped, as a table; returns a line for the
    /// user.</summary>
    public static string ExportEvents(CalorimeterReconstructionRequest input, string file, Action<string> note)
    {
        TableFile.CheckName(file);
        using CalorimeterModel model = CalorimeterReconstructor.Read(input.Model, input.Detector);
        IReadOnlyList<CalorimeterFrame> frames = CalorimeterCommands.Frames(input, model.Geometry, note);
        TableFile.Write(file, [
            OutputColumn.Of<long>("frame", "", [.. frames.SelectMany(f => Enumerable.Repeat(f.Number, f.Count))]),
            OutputColumn.Of<long>("hit", "", [.. frames.SelectMany(f => Enumerable.Range(0, f.Count).Select(h => f[h].Id))]),
            OutputColumn.Of<int>("layer", "", [.. frames.SelectMany(f => f.Layer)]),
            OutputColumn.Of<float>("x", "mm", [.. frames.SelectMany(f => f.X)]),
            OutputColumn.Of<float>("y", "mm", [.. frames.SelectMany(f => f.Y)]),
            OutputColumn.Of<float>("z", "mm", [.. frames.SelectMany(f => f.Z)]),
            OutputColumn.Of<float>("edep", "MeV", [.. frames.SelectMany(f => f.Energy)]),
        ]);
        return string.Create(CultureInfo.InvariantCulture, $"{file}: {frames.Count} frames, {frames.Sum(f => f.Count)} hits");
    }

    private static void WriteLineGraphs(NpzWriter writer, CalorimeterModel model, CalorimeterFrame[] frames)
    {
        List<float> segments = [], encoding = [];
        List<long> sources = [], targets = [], segmentOffsets = [0], linkOffsets = [0];
        float[] row = new float[AngleEncoding.Width];
        foreach (CalorimeterFrame frame in frames)
        {
            SegmentInput input = new();
            input.Set(frame, model.Experiment.Gates, withMoments: false);
            Adjacency links = DirectedLinks.Of(input.Graph, out float[] roots);
            segments.AddRange(input.Features);
            foreach (float root in roots)
            {
                AngleEncoding.Encode<float>(root, row);
                encoding.AddRange(row);
            }

            sources.AddRange(links.Sources.ToArray().Select(s => segmentOffsets[^1] + s));
            targets.AddRange(links.Targets.ToArray().Select(t => segmentOffsets[^1] + t));
            segmentOffsets.Add(segmentOffsets[^1] + input.Graph.Count);
            linkOffsets.Add(sources.Count);
        }

        writer.Add<float>("segments", segments.ToArray(), segments.Count / SegmentNetwork.Features, SegmentNetwork.Features);
        writer.Add<float>("encoding", encoding.ToArray(), encoding.Count / AngleEncoding.Width, AngleEncoding.Width);
        writer.Add<long>("sources", sources.ToArray());
        writer.Add<long>("targets", targets.ToArray());
        writer.Add<long>("segment_offsets", segmentOffsets.ToArray());
        writer.Add<long>("link_offsets", linkOffsets.ToArray());
    }

    private static void WriteHitGraphs(NpzWriter writer, CalorimeterModel model, CalorimeterFrame[] frames)
    {
        List<float> hits = [], shapes = [];
        List<long> sources = [], targets = [], hitOffsets = [0], segmentOffsets = [0];
        float[] shape = new float[HitNetwork.SegmentFeatures];
        foreach (CalorimeterFrame frame in frames)
        {
            SegmentInput input = new();
            input.Set(frame, model.Experiment.Gates, withMoments: false);
            float[] features = new float[frame.Count * HitNetwork.HitFeatures];
            HitNetwork.Features<float>(frame, input.Origin, features);
            hits.AddRange(features);
            for (int segment = 0; segment < input.Graph.Count; segment++)
            {
                int deeper = input.Graph.Deeper[segment], shallower = input.Graph.Shallower[segment];
                HitNetwork.Features<float>(frame, deeper, shallower, shape);
                shapes.AddRange(shape);
                sources.Add(hitOffsets[^1] + deeper);
                targets.Add(hitOffsets[^1] + shallower);
            }

            hitOffsets.Add(hitOffsets[^1] + frame.Count);
            segmentOffsets.Add(sources.Count);
        }

        writer.Add<float>("hits", hits.ToArray(), hits.Count / HitNetwork.HitFeatures, HitNetwork.HitFeatures);
        writer.Add<float>("shapes", shapes.ToArray(), shapes.Count / HitNetwork.SegmentFeatures, HitNetwork.SegmentFeatures);
        writer.Add<long>("sources", sources.ToArray());
        writer.Add<long>("targets", targets.ToArray());
        writer.Add<long>("hit_offsets", hitOffsets.ToArray());
        writer.Add<long>("segment_offsets", segmentOffsets.ToArray());
    }
}
