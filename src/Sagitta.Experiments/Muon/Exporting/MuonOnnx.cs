namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>A muon model as an ONNX file.</summary>
internal static class MuonOnnx
{
    /// <summary>The network: hits (hits x features), edges (edges x features), sources and targets (edges) in, logits and weight_logits
    /// (hits x 1) out. Features are those of an exported graph.</summary>
    public static void WriteNetwork(string path, MuonModel model)
    {
        OnnxGraph graph = new("sagitta-hit-scores");
        HitScorerOnnx.AddInputs(graph);
        HitScorerOnnx.Append(graph, new(model.Experiment.Network), model.Parameters);
        Write(path, graph, model, "Logits of hits of a muon spectrometer; features as 'sagitta export graphs' writes them.");
    }

    /// <summary>The whole chain of one event: plane, y, charge and time of its hits, ordered by plane and then by y, and road_centre of
    /// each station in; logits, weight_logits and weights of the hits and the track's y0, slope and q_over_pt out. These are NaN where too
    /// few planes have hits of weight. The fits are descents in loops, as those of the program.</summary>
    /// <exception cref="BadInputException">The model has a part that has no form in ONNX here.</exception>
    public static void WriteChain(string path, MuonModel model)
    {
        MuonReconstructionOptions options = model.Experiment.Reconstruction;
        string? problem = options.Fit.Robust ? "a robust fit" : !options.Fit.Covariance ? "a fit without covariance"
            : options.Fit.Circle.Vertex.Weight > 0 ? "a vertex" : null;
        if (problem is not null)
        {
            throw new BadInputException("the model", $"its chain has {problem}, which is not exported",
                "export another model, or its network alone");
        }

        OnnxGraph graph = new("sagitta-muon-chain");
        string plane = graph.IndexInput("plane", "hits");
        MuonImage hits = MuonImage.Inputs(graph, model.Detector);
        HitScorer scorer = new(options.Network);
        (OnnxValue Score, OnnxValue Weight) Logits(MuonImage image, string ending)
        {
            MuonGraphOnnx.Append(graph, model.Detector, options.Graph, plane, image, ending);
            return HitScorerOnnx.Scores(graph, scorer, model.Parameters, ending);
        }

        (OnnxValue score, OnnxValue weight) = Logits(hits, "");
        OnnxValue precise = weight.ToDouble();
        if (options.Network.Symmetric)
        {
            string order = hits.Order(plane, model.Detector.Planes.Count);
            (OnnxValue otherScore, OnnxValue otherWeight) = Logits(hits.Mirrored(order), " in the mirror");
            score = ((score.ToDouble() + otherScore.ToDouble().At(order)) / 2).ToFloat();
            precise = (precise + otherWeight.ToDouble().At(order)) / 2;
            weight = precise.ToFloat();
        }

        HitScorerOnnx.AddOutputs(graph, score.Name, weight.Name);
        new MuonFitOnnx(graph, model).Append(plane, Weights(precise, model.Reading));
        Write(path, graph, model, "Hits of one event of a muon spectrometer to its track; lengths mm, momenta GeV, times ns.");
    }

    private static OnnxValue Weights(OnnxValue column, MuonReading reading)
    {
        OnnxGraph graph = column.Graph;
        OnnxValue logits = new(graph, graph.Node("Reshape", [column.Name, graph.Constant("column", -1)]));
        return reading switch
        {
            MuonReading.Soft soft => ((logits - soft.HalfWeightLogit) * soft.Sharpness).Apply("Sigmoid"),
            MuonReading.Calibrated calibrated => ((logits * calibrated.Slope) + calibrated.Offset).Apply("Sigmoid"),
            MuonReading.Hard hard => (logits >= graph.Number(hard.Threshold)).ToDouble(),
            _ => throw new ArgumentException($"The reading '{reading.Name}' has no form in ONNX.", nameof(reading)),
        };
    }

    private static void Write(string path, OnnxGraph graph, MuonModel model, string description)
    {
        graph.Metadata("method", model.Method.Name);
        graph.Metadata("reading", MuonModelFile.Describe(model.Reading));
        graph.Metadata("experiment", ConfigurationFile.Write(model.Experiment));
        graph.Write(path, "sagitta", RunSummary.Version, description);
    }
}
