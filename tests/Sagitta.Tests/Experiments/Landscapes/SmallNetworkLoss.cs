using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Sagitta.Tests.Experiments.Landscapes;

/// <summary>Cross-entropy of a perceptron small enough for its whole Hessian.</summary>
internal sealed class SmallNetworkLoss : ILoss, IDisposable
{
    private const int Rows = 40;
    private readonly Perceptron _network;
    private readonly ParameterVector<double> _parameters;
    private readonly ParameterVector<double> _gradient;
    private readonly Tape<double> _tape = new();
    private readonly double[] _inputs = new double[Rows * 3];
    private readonly double[] _labels = new double[Rows];

    public SmallNetworkLoss(Activation activation)
    {
        _network = new(Layout, "network", [3, 6, 4, 1], activation);
        _parameters = new(Layout);
        _gradient = new(Layout);
        _parameters.Initialise(RandomKey.FromSeed(11));
        Centre = _parameters.Values.ToArray();
        RandomDraws draws = RandomKey.FromSeed(12).Draws();
        for (int i = 0; i < Rows; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                _inputs[(3 * i) + c] = draws.NextGaussian();
            }

            _labels[i] = _inputs[3 * i] * _inputs[(3 * i) + 1] > 0.2 ? 1 : 0;
        }
    }

    public ParameterLayout Layout { get; } = new();

    public double[] Centre { get; }

    public double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        parameters.CopyTo(_parameters.Values);
        _gradient.Values.Clear();
        _tape.Reset();
        _tape.Bind(_parameters, _gradient);
        Tensor<double> weights = _tape.Allocate(Rows, 1);
        weights.Values.Fill(1.0 / Rows);
        Tensor<double> loss = BinaryCrossEntropy<double>.Apply(
            _network.Forward(_tape, _tape.Constant(_inputs, Rows, 3)), _tape.Constant(_labels, Rows, 1), weights);
        _tape.Backward(loss);
        _gradient.Values.CopyTo(gradient);
        return loss.Values[0];
    }

    /// <summary>The whole Hessian, column by column from products with unit vectors.</summary>
    public Matrix<double> FullHessian(double step)
    {
        HessianProduct product = new(this, Centre, step);
        DenseMatrix hessian = DenseMatrix.Create(Centre.Length, Centre.Length, 0);
        double[] unit = new double[Centre.Length];
        double[] column = new double[Centre.Length];
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = 1;
            product.Apply(unit, column);
            unit[i] = 0;
            hessian.SetColumn(i, column);
        }

        return (hessian + hessian.Transpose()) / 2;
    }

    public void Dispose()
    {
        _tape.Dispose();
        _parameters.Dispose();
        _gradient.Dispose();
    }
}
