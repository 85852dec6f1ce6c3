namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>The network of a muon model as an ONNX file; features are those of an exported graph.</summary>
internal static class MuonOnnx
{
    public static void Write(string path, MuonModel model) => HitScorerOnnx.Write(path, new(model.Experiment.Network), model.Parameters,
        "Logits of hits of a muon spectrometer; features as 'sagitta export graphs' writes them.", ("method", model.Method.Name),
        ("reading", MuonModelFile.Describe(model.Reading)), ("experiment", ConfigurationFile.Write(model.Experiment)));
}
