using System.Numerics;

namespace Sagitta.Learning.Layers;

/// <summary>
/// Linear layers with batch normalisation before each and a leaky rectifier after each but the last; with
/// <c>normalisedOutput</c> the last has both a rectifier and a normalisation behind it too.
/// </summary>
internal sealed class NormalisedPerceptron
{
    private readonly BatchNormalisation[] _normalisations;
    private readonly Linear[] _layers;
    private readonly double _slope;

    /// <summary>Registers "prefix.normalisation.0", "prefix.linear.0", "prefix.normalisation.1", ...: one linear layer for each step
    /// between widths.</summary>
    public NormalisedPerceptron(ParameterLayout layout, string prefix, ReadOnlySpan<int> widths, bool normalisedOutput = false,
        double slope = 0.01, double momentum = 0.1)
    {
        if (widths.Length < 2)
        {
            throw new ArgumentException("A perceptron needs at least the width of its input and of its output.", nameof(widths));
        }

        _slope = slope;
        _layers = new Linear[widths.Length - 1];
        _normalisations = new BatchNormalisation[_layers.Length + (normalisedOutput ? 1 : 0)];
        for (int i = 0; i < _layers.Length; i++)
        {
            _normalisations[i] = new(layout, $"{prefix}.normalisation.{i}", widths[i], momentum);
            _layers[i] = new(layout, $"{prefix}.linear.{i}", widths[i], widths[i + 1]);
        }

        if (normalisedOutput)
        {
            _normalisations[^1] = new(layout, $"{prefix}.normalisation.{_layers.Length}", widths[^1], momentum);
        }
    }

    /// <summary>New moments for a batch, one object for each normalisation.</summary>
    public BatchMoments[] CreateMoments() => [.. _normalisations.Select(n => n.CreateMoments())];

    /// <summary>Rows x the last width from rows x the first: with the batch's own moments where given (training), else with running
    /// averages.</summary>
    /// <param name="tape">Tape with the parameters bound.</param>
    /// <param name="x">The input.</param>
    /// <param name="moments">Receives the batch's moments; null for running averages.</param>
    /// <param name="layers">Receives the output of every normalisation, linear layer and rectifier, in order, for a look inside.</param>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x, BatchMoments[]? moments, ICollection<Tensor<T>>? layers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The input is the caller's; what comes after it is needed for one step only, where nobody looks.
        bool inPlace = layers is null;
        for (int i = 0; i < _layers.Length; i++)
        {
            x = Normalise(tape, x, i, moments, inPlace && i > 0);
            layers?.Add(x);
            x = _layers[i].Forward(tape, x);
            layers?.Add(x);
            if (i + 1 < _normalisations.Length)
            {
                x = LeakyRelu<T>.Apply(x, _slope, inPlace);
                layers?.Add(x);
            }
        }

        if (_normalisations.Length > _layers.Length)
        {
            x = Normalise(tape, x, _layers.Length, moments, inPlace);
            layers?.Add(x);
        }

        return x;
    }

    /// <summary>Moves the running averages towards the moments of a batch.</summary>
    public void Absorb<T>(ParameterVector<T> parameters, BatchMoments[] moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < _normalisations.Length; i++)
        {
            _normalisations[i].Absorb(parameters, moments[i]);
        }
    }

    private Tensor<T> Normalise<T>(Tape<T> tape, Tensor<T> x, int index, BatchMoments[]? moments, bool inPlace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        moments is null ? _normalisations[index].Forward(tape, x, inPlace) : _normalisations[index].Forward(tape, x, moments[index]);
}
