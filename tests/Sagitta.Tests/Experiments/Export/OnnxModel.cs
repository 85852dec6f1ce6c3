using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PreciseTensor = Microsoft.ML.OnnxRuntime.Tensors.Tensor<double>;

namespace Sagitta.Tests.Experiments.Export;

/// <summary>An exported model in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxModel(string file)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        _session = new(file, options);
    }

    public IReadOnlyList<string> Inputs => _session.InputNames;

    public IReadOnlyList<string> Outputs => _session.OutputNames;

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>An input of single numbers, rows of <paramref name="columns"/>, or a list for 0.</summary>
    public static NamedOnnxValue Input<T>(string name, T[] values, int columns = 0) => NamedOnnxValue.CreateFromTensor(
        name, new DenseTensor<T>(values, columns > 0 ? [values.Length / columns, columns] : [values.Length]));

    /// <summary>The outputs, as double whatever their precision.</summary>
    public IReadOnlyDictionary<string, double[]> Run(params NamedOnnxValue[] inputs)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = _session.Run(inputs);
        return outputs.ToDictionary(output => output.Name, output => output.Value is PreciseTensor precise ? precise.ToArray()
            : [.. output.AsEnumerable<float>().Select(x => (double)x)], StringComparer.Ordinal);
    }

    /// <summary>The outputs for the arrays of an exported graph file.</summary>
    public IReadOnlyDictionary<string, double[]> Run(NpzReader graphs) => Run([.. Inputs.Select(name =>
        name is "sources" or "targets" ? Input(name, graphs.Read<long>(name))
            : Input(name, graphs.Read<float>(name), (int)graphs.Header(name).Shape[1]))]);

    public void Dispose() => _session.Dispose();
}
